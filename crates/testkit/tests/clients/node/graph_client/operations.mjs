// Every operation of the family, by the paths that Graph's own pages have.

import assert from "node:assert/strict";
import { ResponseType } from "@microsoft/microsoft-graph-client";

import {
  APPLICATION_ADMINISTRATOR,
  GLOBAL_ADMINISTRATOR,
  USER_ADMINISTRATOR,
  token,
} from "../world.mjs";
import { bearerOf, person } from "./client.mjs";

export async function every_operation_of_the_family_succeeds() {
  const ada = await person("ada");
  const ben = await person("ben");
  await roles(ada, ben);
  await ownRoles(ada);
  await assignments(ada, ben);
  await requests(ada, ben);
  await approvals(ada, ben);
  await events(ada);
  await counts(ada, ben);
  await model(ada);
  await signUp();
  await batch(ada);
}

async function roles(ada, ben) {
  const all = await ada.api("/privilegedRoles").get();
  assert.equal(all.value.length, 100);
  const role = `/privilegedRoles/${USER_ADMINISTRATOR}`;
  assert.equal((await ada.api(role).get()).name, "User Administrator");
  const held = await ada.api(`${role}/assignments`).get();
  assert.deepEqual(held.value.map((held) => held.userId), ["ben"]);
  assert.equal((await ada.api(`${role}/summary`).get()).usersCount, 1);

  const settings = await ada.api(`${role}/settings`).get();
  assert.equal(settings.maxElavationDuration, "PT8H");
  const longer = { ...settings, maxElavationDuration: "PT4H" };
  assert.equal(await ada.api(`${role}/settings`).put(longer), undefined);
  const longest = { maxElavationDuration: "PT2H" };
  assert.equal(await ada.api(`${role}/settings`).patch(longest), undefined);
  const changed = await ada.api(`${role}/settings`).get();
  assert.deepEqual(changed, { ...settings, ...longest });

  const activation = { reason: "Weekly clean-up", duration: "2", ticketNumber: "", ticketSystem: "" };
  const active = await ben.api(`${role}/selfActivate`).post(activation);
  assert.equal(active.isElevated, true);
  assert.ok(Date.parse(active.expirationDateTime) > Date.now());
  const inactive = await ben.api(`${role}/selfDeactivate`).post();
  assert.deepEqual([inactive.isElevated, inactive.expirationDateTime], [false, null]);
}

async function ownRoles(ada) {
  const made = await ada.api("/privilegedRoles").post({ name: "Night watch" });
  const role = `/privilegedRoles/${made.id}`;
  const renamed = await ada.api(role).update({ name: "Day watch" });
  assert.deepEqual([renamed.id, renamed.name], [made.id, "Day watch"]);
  assert.equal(await ada.api(role).delete(), undefined);
}

async function assignments(ada, ben) {
  const all = await ada.api("/privilegedRoleAssignments").get();
  assert.equal(all.value.length, 4);
  const mine = await ben.api("/privilegedRoleAssignments/my").get();
  assert.deepEqual(mine.value.map((mine) => mine.roleId), [USER_ADMINISTRATOR]);

  const created = await ada
    .api("/privilegedRoleAssignments")
    .create({ userId: "dana", roleId: APPLICATION_ADMINISTRATOR });
  assert.deepEqual([created.isElevated, created.resultMessage], [true, null]);
  const held = `/privilegedRoleAssignments/${created.id}`;
  assert.equal((await ada.api(held).get()).userId, "dana");
  const reason = { reason: "Dana runs it", ticketNumber: "CHG-7", ticketSystem: "Service desk" };
  const permanent = await ada.api(`${held}/makePermanent`).post(reason);
  assert.deepEqual([permanent.isElevated, permanent.expirationDateTime], [true, null]);
  assert.equal((await ada.api(`${held}/makeEligible`).post({})).isElevated, false);
  await throughRoleInfo(ada, held, APPLICATION_ADMINISTRATOR);
  assert.equal(await ada.api(held).del(), undefined);
}

/** What is read of a role by the navigation of something that is about it. */
async function throughRoleInfo(ada, from, role) {
  const path = `${from}/roleInfo`;
  assert.equal((await ada.api(path).get()).id, role);
  assert.equal((await ada.api(`${path}/settings`).get()).id, role);
  assert.equal((await ada.api(`${path}/summary`).get()).usersCount, 1);
  const beside = await ada.api(`${path}/assignments`).get();
  assert.deepEqual(beside.value.map((beside) => beside.roleId), [role]);
  assert.equal(await ada.api(`${path}/assignments/$count`).get(), "1");
}

async function requests(ada, ben) {
  const settings = `/privilegedRoles/${USER_ADMINISTRATOR}/settings`;
  await ada.api(settings).patch({ approvalOnElevation: true, approverIds: ["ada"] });
  const all = "/privilegedRoleAssignmentRequests";
  const asked = await ben.api(all).post({
    roleId: USER_ADMINISTRATOR,
    type: "UserAdd",
    assignmentState: "Active",
    reason: "Weekly clean-up",
    duration: "2",
    schedule: null,
  });
  assert.deepEqual([asked.status, asked.duration], ["RequestedApproval", "2"]);
  const id = (requests) => requests.value.map((request) => request.id);
  assert.deepEqual(id(await ada.api(all).get()), [asked.id]);
  const mine = await ben.api(`${all}/my`).get();
  assert.deepEqual(id(mine), [asked.id]);
  assert.equal(mine.value[0].roleInfo.name, "User Administrator");
  assert.deepEqual(id(await ben.api(`${all}/my`).post()), [asked.id]);
  assert.equal((await ben.api(`${all}/${asked.id}`).get()).reason, "Weekly clean-up");
  await throughRoleInfo(ada, `${all}/${asked.id}`, USER_ADMINISTRATOR);
  const cancelled = await ben.api(`${all}/${asked.id}/cancel`).post({});
  assert.equal(cancelled.status, "Cancelling");
}

async function approvals(ada, ben) {
  const all = "/privilegedApproval";
  const asked = await ben.api(all).create({
    userId: "ben",
    roleId: USER_ADMINISTRATOR,
    approvalState: "pending",
    approvalDuration: "PT2H",
    requestorReason: "Weekly clean-up",
  });
  const one = `${all}/${asked.id}`;
  assert.equal((await ada.api(all).get()).value.length, 2);
  assert.equal((await ben.api(`${all}/myRequests`).get()).value.length, 2);
  assert.equal((await ada.api(one).get()).approvalDuration, "PT2H");
  assert.equal((await ada.api(`${one}/request`).get()).status, "RequestedApproval");
  assert.equal((await ada.api(`${one}/request/roleInfo`).get()).id, USER_ADMINISTRATOR);
  await throughRoleInfo(ada, one, USER_ADMINISTRATOR);
  const decision = { approvalState: "approved", approverReason: "As agreed" };
  assert.equal(await ada.api(one).patch(decision), undefined);
  const mine = await ben.api("/privilegedRoleAssignments/my").get();
  assert.equal(mine.value[0].isElevated, true);
}

async function events(ada) {
  const all = await ada.api("/privilegedOperationEvents").top(2).get();
  const one = await ada.api(`/privilegedOperationEvents/${all.value[0].id}`).get();
  assert.deepEqual(one.requestType, "Assign");
}

async function counts(ada, ben) {
  const count = async (whose, set) => Number(await whose.api(`/${set}/$count`).get());
  assert.equal(await count(ada, "privilegedRoles"), 145);
  assert.equal(await count(ada, `privilegedRoles/${USER_ADMINISTRATOR}/assignments`), 1);
  assert.equal(await count(ada, "privilegedRoleAssignments"), 4);
  assert.equal(await count(ben, "privilegedRoleAssignments/my"), 1);
  assert.equal(await count(ada, "privilegedRoleAssignmentRequests"), 2);
  assert.equal(await count(ben, "privilegedRoleAssignmentRequests/my"), 2);
  assert.equal(await count(ada, "privilegedApproval"), 2);
  assert.equal(await count(ben, "privilegedApproval/myRequests"), 2);
  assert.ok((await count(ada, "privilegedOperationEvents")) > 0);
  assert.equal(await count(ada, "privilegedSignupStatus"), 1);
}

async function model(ada) {
  const sets = await ada.api("/").get();
  assert.ok(sets.value.some((set) => set.url === "privilegedRoles"));
  const metadata = await ada.api("/$metadata").responseType(ResponseType.TEXT).get();
  assert.match(metadata, /<EntitySet Name="privilegedRoles"/);
}

async function signUp() {
  const fay = bearerOf(
    await token({
      oid: "fay",
      tid: "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25",
      wids: [GLOBAL_ADMINISTRATOR],
    }),
  );
  const status = "/privilegedSignupStatus";
  assert.equal((await fay.api(`${status}/canSignUp`).get()).value, true);
  assert.equal((await fay.api(`${status}/isSignedUp`).get()).value, false);
  assert.equal((await fay.api(`${status}/signUp`).post()).isRegistered, true);
  const done = await fay.api(`${status}/completeSetup`).post({
    tenantSetupInfo: { userRolesActions: `gus|${GLOBAL_ADMINISTRATOR}|Temporary` },
  });
  assert.deepEqual(done.value.map((role) => role.temporarySuccess), [1]);
  const [registration] = (await fay.api(status).get()).value;
  assert.equal(registration.status, "registrationAndSetupCompleted");
}

async function batch(ada) {
  const url = "/privilegedSignupStatus/isSignedUp";
  const answers = await ada.api("/$batch").post({ requests: [{ id: "1", method: "GET", url }] });
  assert.equal(answers.responses[0].body.value, true);
}
