// Bodies: none, those with nothing in them, and the forms that durations and times are written in.

import assert from "node:assert/strict";

import {
  APPLICATION_ADMINISTRATOR,
  GLOBAL_ADMINISTRATOR,
  USER_ADMINISTRATOR,
  last,
  token,
} from "../world.mjs";
import { bearerOf, person } from "./client.mjs";

/** What the client sends where it is given nothing: `Content-Type: application/json` and no body. And what people give it. */
const NOTHING = [undefined, "", {}];

export async function actions_take_a_body_with_nothing_in_it_in_every_form() {
  const ada = await person("ada");
  const ben = await person("ben");
  const held = `/privilegedRoleAssignments/ben_${USER_ADMINISTRATOR}`;
  const role = `/privilegedRoles/${USER_ADMINISTRATOR}`;
  for (const nothing of NOTHING) {
    const post = (whose, path) => whose.api(path).post(nothing);
    assert.equal((await post(ada, `${held}/makePermanent`)).isElevated, true);
    assert.equal(last().headers.get("Content-Type"), "application/json");
    assert.equal((await post(ada, `${held}/makeEligible`)).isElevated, false);
    assert.ok(Array.isArray((await post(ben, "/privilegedRoleAssignmentRequests/my")).value));
    const founder = { oid: "fay", tid: "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25" };
    const fay = bearerOf(await token({ ...founder, wids: [GLOBAL_ADMINISTRATOR] }));
    assert.equal((await post(fay, "/privilegedSignupStatus/signUp")).isRegistered, true);
    // All of selfActivate is optional too, but a rule asks for a reason.
    await ben.api(`${role}/selfActivate`).post({ reason: "Help" });
    assert.equal((await post(ben, `${role}/selfDeactivate`)).isElevated, false);
    await ada.api(`${role}/settings`).patch({ approvalOnElevation: true });
    const asked = await ben.api("/privilegedApproval").post({ roleId: USER_ADMINISTRATOR, requestorReason: "Help" });
    const request = `/privilegedRoleAssignmentRequests/${asked.id}`;
    assert.equal((await post(ben, `${request}/cancel`)).status, "Cancelling");
    await ada.api(`${role}/settings`).patch({ approvalOnElevation: false });
  }
}

export async function durations_are_taken_in_every_form_that_clients_write() {
  const ada = await person("ada");
  const ben = await person("ben");
  const role = `/privilegedRoles/${USER_ADMINISTRATOR}`;
  const settings = {
    minElevationDuration: "PT45M",
    elevationDuration: "PT1H30M",
    maxElavationDuration: "4:00:00",
  };
  await ada.api(`${role}/settings`).patch(settings);
  const read = await ada.api(`${role}/settings`).get();
  assert.deepEqual(
    [read.minElevationDuration, read.elevationDuration, read.maxElavationDuration],
    ["PT45M", "PT1H30M", "PT4H"],
  );
  const forms = { min: 45, default: 90, 2: 120, 0.75: 45, PT1H: 60, "1:15:00": 75 };
  for (const [duration, minutes] of Object.entries(forms)) {
    const before = Date.now();
    const active = await ben.api(`${role}/selfActivate`).post({ reason: "Help", duration });
    const length = Date.parse(active.expirationDateTime) - before;
    assert.ok(length >= minutes * 60_000 - 1, `${duration}: ${length}`);
    assert.ok(length < (minutes + 14) * 60_000, `${duration}: ${length}`);
    await ben.api(`${role}/selfDeactivate`).post();
  }
}

export async function times_are_taken_with_any_offset_and_answered_in_utc() {
  const ada = await person("ada");
  const end = new Date(Date.now() + 86_400_000);
  const zone = (minutes, suffix) => new Date(end.getTime() + minutes * 60_000).toISOString().replace("Z", suffix);
  for (const [userId, expirationDateTime] of [
    ["dana", end.toISOString()],
    ["eve", zone(180, "+03:00")],
    ["fay", zone(-330, "-05:30")],
  ]) {
    const held = { userId, roleId: APPLICATION_ADMINISTRATOR, expirationDateTime };
    const created = await ada.api("/privilegedRoleAssignments").post(held);
    assert.match(created.expirationDateTime, /Z$/);
    assert.equal(Date.parse(created.expirationDateTime), end.getTime());
  }
}
