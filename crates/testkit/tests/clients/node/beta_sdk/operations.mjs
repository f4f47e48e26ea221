// Every request builder of the typed packages.

import assert from "node:assert/strict";

import { APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR, last, refusal, server, wire } from "../world.mjs";
import { requests as builders } from "./builders.mjs";
import { person } from "./client.mjs";

export async function every_request_builder_succeeds_or_is_refused_as_none_of_the_family() {
  const ada = await person("ada");
  const ben = await person("ben");
  await assignments(ada, ben);
  const asked = await requests(ada, ben);
  await beyondAssignments(ada.privilegedRoleAssignments.byPrivilegedRoleAssignmentId(HELD));
  await beyondRequests(ada.privilegedRoleAssignmentRequests.byPrivilegedRoleAssignmentRequestId(asked));

  const ids = new RegExp(`[a-z]+_${APPLICATION_ADMINISTRATOR}|${HELD}|${asked}`, "g");
  const path = (url) => url.replace(`${server}/beta`, "").replace(ids, "{id}").replace("()", "");
  const sent = new Set(wire.map((sent) => `${sent.method} ${path(sent.url)}`));
  assert.deepEqual(builders().filter((builder) => !sent.has(builder)), []);
}

/** What the SDK makes of a time that is null. */
const NEVER = undefined;

const HELD = `ben_${USER_ADMINISTRATOR}`;

async function assignments(ada, ben) {
  const all = ada.privilegedRoleAssignments;
  assert.equal((await all.get()).value.length, 4);
  assert.equal(await all.count.get(), 4);
  const [mine] = (await ben.privilegedRoleAssignments.my.get()).value;
  assert.deepEqual([mine.id, mine.isElevated, mine.expirationDateTime], [HELD, false, NEVER]);

  const created = await all.post({ userId: "dana", roleId: APPLICATION_ADMINISTRATOR });
  assert.equal(created.isElevated, true);
  assert.ok(created.expirationDateTime > new Date());
  const held = all.byPrivilegedRoleAssignmentId(created.id);
  assert.equal((await held.get()).userId, "dana");
  const reason = { reason: "Dana runs it", ticketNumber: "CHG-7", ticketSystem: "Service desk" };
  const permanent = await held.makePermanent.post(reason);
  assert.deepEqual([permanent.isElevated, permanent.expirationDateTime], [true, NEVER]);
  assert.equal((await held.makeEligible.post()).isElevated, false);
  await throughRoleInfo(held.roleInfo, APPLICATION_ADMINISTRATOR);
  assert.equal(await held.delete(), undefined);
  assert.equal(last().status, 204);
}

async function throughRoleInfo(roleInfo, role) {
  assert.equal((await roleInfo.get()).id, role);
  const settings = await roleInfo.settings.get();
  assert.deepEqual([settings.id, settings.maxElavationDuration.hours], [role, 8]);
  assert.deepEqual(settings.approverIds, []);
  const summary = await roleInfo.summary.get();
  assert.deepEqual([summary.usersCount, summary.status], [1, "ok"]);
  const beside = await roleInfo.assignments.get();
  assert.deepEqual(beside.value.map((beside) => beside.roleId), [role]);
  assert.equal(await roleInfo.assignments.count.get(), 1);
}

async function requests(ada, ben) {
  const start = new Date(Date.now() + 86_400_000);
  const asked = await ben.privilegedRoleAssignmentRequests.post({
    roleId: USER_ADMINISTRATOR,
    type: "UserAdd",
    assignmentState: "Active",
    reason: "Weekly clean-up",
    duration: "2",
    schedule: { startDateTime: start },
  });
  assert.deepEqual([asked.status, asked.userId], ["Scheduled", "ben"]);
  assert.deepEqual(asked.schedule.startDateTime, start);
  assert.ok(asked.requestedDateTime < start);

  const all = ada.privilegedRoleAssignmentRequests;
  assert.deepEqual((await all.get()).value.map((request) => request.id), [asked.id]);
  assert.equal(await all.count.get(), 1);
  const [mine] = (await ben.privilegedRoleAssignmentRequests.my.get()).value;
  assert.equal(mine.roleInfo.name, "User Administrator");
  const request = all.byPrivilegedRoleAssignmentRequestId(asked.id);
  assert.equal((await request.get()).reason, "Weekly clean-up");
  await throughRoleInfo(request.roleInfo, USER_ADMINISTRATOR);
  const own = ben.privilegedRoleAssignmentRequests.byPrivilegedRoleAssignmentRequestId(asked.id);
  assert.equal((await own.cancel.post()).status, "Cancelling");
  return asked.id;
}

/** Builders that are made of any path's metadata: nothing that the family's pages know, and the service never answered. */
async function beyond(status, ...calls) {
  for (const call of calls) {
    const error = await refusal(call());
    assert.equal(error.responseStatusCode, status, `${last().method} ${last().url}`);
    assert.notEqual(error.errorEscaped.code, "");
  }
}

async function beyondRoleInfo(roleInfo, assignment) {
  const activation = { reason: "Help" };
  await beyond(
    405,
    () => roleInfo.patch({}),
    () => roleInfo.delete(),
    () => roleInfo.settings.patch({}),
    () => roleInfo.settings.delete(),
    () => roleInfo.summary.patch({}),
    () => roleInfo.summary.delete(),
  );
  await beyond(
    404,
    () => roleInfo.selfActivate.post(activation),
    () => roleInfo.selfDeactivate.post(),
    () => assignment.get(),
  );
}

async function beyondAssignments(held) {
  await beyond(405, () => held.patch({}));
  await beyondRoleInfo(held.roleInfo, held.roleInfo.assignments.byPrivilegedRoleAssignmentId1(HELD));
}

async function beyondRequests(request) {
  await beyond(405, () => request.patch({}), () => request.delete());
  await beyondRoleInfo(request.roleInfo, request.roleInfo.assignments.byPrivilegedRoleAssignmentId(HELD));
}
