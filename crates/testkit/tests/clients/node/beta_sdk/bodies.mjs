// Bodies: none, compressed ones, and the types that durations and times have in the SDK.

import assert from "node:assert/strict";
import { Duration } from "@microsoft/kiota-abstractions";
import { HttpClient, MiddlewareFactory } from "@microsoft/kiota-http-fetchlibrary";
import { createGraphBetaServiceClient } from "@microsoft/msgraph-beta-sdk";

import {
  APPLICATION_ADMINISTRATOR,
  USER_ADMINISTRATOR,
  last,
  wire,
  withMfa,
} from "../world.mjs";
import { adapterOf, person } from "./client.mjs";

export async function actions_take_no_body_and_one_with_nothing_in_it() {
  const ada = await person("ada");
  const held = ada.privilegedRoleAssignments.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  assert.equal((await held.makePermanent.post({})).isElevated, true);
  assert.equal(new TextDecoder().decode(last().body), "{}");
  assert.equal((await held.makeEligible.post()).isElevated, false);
  assert.deepEqual([last().body, last().headers.get("Content-Type")], [undefined, null]);
}

export async function compressed_bodies_are_answered_415_and_sent_again_as_they_are() {
  const token = await withMfa("ada");
  const http = new HttpClient(undefined, ...MiddlewareFactory.getPerformanceMiddlewares());
  const ada = createGraphBetaServiceClient(adapterOf(token, http));
  const held = { userId: "dana", roleId: APPLICATION_ADMINISTRATOR, isElevated: false };
  const created = await ada.privilegedRoleAssignments.post(held);
  assert.equal(created.userId, "dana");
  const tries = wire.map((sent) => [sent.headers.get("Content-Encoding"), sent.status]);
  assert.deepEqual(tries, [["gzip", 415], [null, 201]]);
}

export async function durations_and_times_are_read_and_written() {
  const ada = await person("ada");
  const ben = await person("ben");
  const held = ada.privilegedRoleAssignments.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  const read = await held.roleInfo.settings.get();
  assert.deepEqual(read.minElevationDuration, new Duration({ minutes: 30 }));
  assert.deepEqual(read.maxElavationDuration, new Duration({ hours: 8 }));

  const startDateTime = new Date(Date.now() + 86_400_000);
  const asked = await ben.privilegedRoleAssignmentRequests.post({
    userId: "ben",
    roleId: USER_ADMINISTRATOR,
    type: "UserAdd",
    assignmentState: "Active",
    reason: "Weekly clean-up",
    schedule: { type: "Once", startDateTime, duration: new Duration({ hours: 2 }) },
  });
  assert.deepEqual(asked.schedule.startDateTime, startDateTime);
  assert.deepEqual(asked.schedule.endDateTime, new Date(startDateTime.getTime() + 7_200_000));
  assert.deepEqual(asked.schedule.duration, new Duration({ hours: 2 }));

  const expirationDateTime = new Date(Date.now() + 3_600_000);
  const body = { userId: "eve", roleId: APPLICATION_ADMINISTRATOR, isElevated: true, expirationDateTime };
  const active = await ada.privilegedRoleAssignments.post(body);
  assert.deepEqual(active.expirationDateTime, expirationDateTime);
}
