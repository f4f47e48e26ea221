// What lists, and single entities, are asked for by query options.

import assert from "node:assert/strict";

import { APPLICATION_ADMINISTRATOR, SECURITY_READER, USER_ADMINISTRATOR, advance } from "../world.mjs";
import { person } from "./client.mjs";

const APPROVALS = "/privilegedApproval";
const ASSIGNMENTS = "/privilegedRoleAssignments";
const EVENTS = "/privilegedOperationEvents";
const REQUESTS = "/privilegedRoleAssignmentRequests";
const ROLES = "/privilegedRoles";

const users = (list) => list.value.map((element) => element.userId);

const members = (element) => Object.keys(element).filter((name) => !name.includes("@")).sort();

/** Dana and Eve were made eligible by request, and Ben waits for an approval. */
async function asked(ada, ben) {
  const settings = `/privilegedRoles/${USER_ADMINISTRATOR}/settings`;
  await ada.api(settings).patch({ approvalOnElevation: true, approverIds: ["ada"] });
  const give = { roleId: APPLICATION_ADMINISTRATOR, type: "AdminAdd", assignmentState: "Eligible" };
  for (const userId of ["eve", "dana"]) {
    await ada.api(REQUESTS).post({ ...give, userId, reason: `For ${userId}` });
  }
  const take = { roleId: USER_ADMINISTRATOR, type: "UserAdd", assignmentState: "Active" };
  return ben.api(REQUESTS).post({ ...take, reason: "Help", duration: "2" });
}

export async function assignments_are_filtered_ordered_cut_and_expanded() {
  const ada = await person("ada");
  const ben = await person("ben");
  await ada.api(ASSIGNMENTS).post({ userId: "gus", roleId: SECURITY_READER, isElevated: false });
  await ben.api(`/privilegedRoles/${USER_ADMINISTRATOR}/selfActivate`).post({ reason: "Help" });
  const list = () => ada.api(ASSIGNMENTS).orderby(["userId", "roleId desc"]);
  const found = async (filter) => users(await list().filter(filter).get());
  assert.deepEqual(await found("isElevated eq true"), ["ada", "ada", "ben", "cleo"]);
  const permanent = "isElevated eq true and expirationDateTime eq null";
  assert.deepEqual(await found(permanent), ["ada", "ada", "cleo"]);
  const held = "isElevated eq true and expirationDateTime ne null or isElevated eq false";
  assert.deepEqual(await found(held), ["ben", "gus"]);
  assert.deepEqual(await found("userId eq 'gus'"), ["gus"]);
  assert.deepEqual(await found("startswith(userId, 'b') or userId in ('cleo')"), ["ben", "cleo"]);
  const soon = new Date(Date.now() + 7_200_000).toISOString();
  assert.deepEqual(await found(`expirationDateTime lt ${soon}`), ["ben"]);

  assert.deepEqual(users(await list().skip(3).top(1).get()), ["cleo"]);
  const whole = await list().top(1).expand("roleInfo($expand=summary;$select=id,name)").get();
  assert.equal(whole.value[0].roleInfo.name, "Privileged Role Administrator");
  const one = ada.api(`${ASSIGNMENTS}/ben_${USER_ADMINISTRATOR}`);
  const cut = await one.select("userId").select("isElevated").expand("roleInfo").get();
  assert.deepEqual([cut.userId, cut.isElevated, cut.roleId], ["ben", true, undefined]);
  assert.equal(cut.roleInfo.id, USER_ADMINISTRATOR);
  const role = await ada.api(`/privilegedRoles/${USER_ADMINISTRATOR}`).expand("summary").get();
  assert.equal(role.summary.elevatedCount, 1);
}

export async function events_are_filtered_ordered_and_cut() {
  const ada = await person("ada");
  const ben = await person("ben");
  await ben.api(`/privilegedRoles/${USER_ADMINISTRATOR}/selfActivate`).post({ reason: "Help" });
  await advance("PT1H");
  await ada.api(`${ASSIGNMENTS}/ben_${USER_ADMINISTRATOR}/makePermanent`).post();
  const list = () => ada.api(EVENTS);
  const kinds = (events) => events.value.map((event) => event.requestType);
  const of = async (kind) => kinds(await list().filter(`requestType eq '${kind}'`).get());
  assert.deepEqual(await of("Assign"), Array(4).fill("Assign"));
  assert.deepEqual(await of("Activate"), ["Activate", "Activate"]);
  assert.deepEqual(await of("Deactivate"), ["Deactivate"]);
  const range = "(creationDateTime ge 2017-06-25T07:00:00Z) and (creationDateTime le 2117-07-25T17:30:17Z)";
  const newest = await list().filter(range).count(true).orderby("creationDateTime desc").top(2).get();
  assert.equal(newest["@odata.count"], 7);
  assert.deepEqual(newest.value.map((event) => event.additionalInformation), [
    "Make permanent admin",
    "Expired",
  ]);
  const cut = await list().select(["requestType", "userId"]).top(1).get();
  assert.deepEqual(Object.keys(cut.value[0]).sort(), ["requestType", "userId"]);
}

export async function requests_are_filtered_ordered_cut_and_expanded() {
  const ada = await person("ada");
  const ben = await person("ben");
  const waiting = await asked(ada, ben);
  const list = () => ada.api(REQUESTS);
  const found = async (filter) => users(await list().filter(filter).orderby("userId").get());
  assert.deepEqual(await found("type eq 'AdminAdd' and status eq 'Completed'"), ["dana", "eve"]);
  assert.deepEqual(await found("status eq 'RequestedApproval' or userId eq 'eve'"), ["ben", "eve"]);
  assert.deepEqual(await found(`requestedDateTime ge ${waiting.requestedDateTime}`), ["ben"]);
  assert.deepEqual(await found("startswith(reason, 'For ')"), ["dana", "eve"]);
  const newest = await list().orderby("requestedDateTime desc").top(1).count().get();
  assert.deepEqual([users(newest), newest["@odata.count"]], [["ben"], 3]);
  const [cut] = (await list().orderby("userId").skip(1).select(["userId", "status"]).get()).value;
  assert.deepEqual(cut.userId, "dana");
  assert.deepEqual(members(cut), ["status", "userId"]);

  const expand = "roleInfo($select=name)";
  const one = await ben.api(`${REQUESTS}/${waiting.id}`).select("reason").expand(expand).get();
  assert.deepEqual([members(one), one.roleInfo.name], [["reason", "roleInfo"], "User Administrator"]);
  const mine = () => ben.api(`${REQUESTS}/my`).filter("status eq 'RequestedApproval'").select("id");
  for (const list of [await mine().get(), await mine().post()]) {
    assert.deepEqual(list.value.map((request) => request.id), [waiting.id]);
  }
}

export async function approvals_are_filtered_ordered_cut_and_expanded() {
  const ada = await person("ada");
  const ben = await person("ben");
  const waiting = await asked(ada, ben);
  const list = (filter) => ada.api(APPROVALS).filter(filter).orderby("startDateTime desc");
  const found = async (filter) => users(await list(filter).get());
  assert.deepEqual(await found("approvalState eq 'pending'"), ["ben"]);
  assert.deepEqual(await found(`approvalState eq 'approved' or roleId eq '${SECURITY_READER}'`), []);
  const [whole] = (await list("userId eq 'ben'").expand(["request", "roleInfo"]).get()).value;
  assert.deepEqual([whole.request.id, whole.roleInfo.id], [waiting.id, USER_ADMINISTRATOR]);
  const one = ada.api(`${APPROVALS}/${waiting.id}`).select(["approvalState", "requestorReason"]);
  assert.deepEqual(members(await one.get()), ["approvalState", "requestorReason"]);
  await ada.api(`${APPROVALS}/${waiting.id}`).patch({ approvalState: "denied", approverReason: "No" });
  assert.deepEqual(await found("approvalState eq 'denied' and approverReason ne null"), ["ben"]);
  const mine = await ben.api(`${APPROVALS}/myRequests`).filter("approvalState eq 'denied'").count().get();
  assert.deepEqual([users(mine), mine["@odata.count"]], [["ben"], 1]);
}

export async function roles_are_searched_filtered_ordered_cut_and_expanded() {
  const ada = await person("ada");
  const list = () => ada.api(ROLES).select("name");
  const names = (roles) => roles.value.map((role) => role.name);
  const found = await list().search('"security"').orderby("name").count().get();
  assert.ok(names(found).includes("Security Reader") && names(found).includes("Security Operator"));
  assert.deepEqual(names(found), [...names(found)].sort());
  assert.ok(names(found).every((name) => /security/i.test(name)), names(found));
  assert.equal(found["@odata.count"], found.value.length);
  assert.equal(Number(await ada.api(`${ROLES}/$count`).search('"security"').get()), found.value.length);
  const named = await list().filter("startswith(name, 'User ') and not endswith(name, 'x')").get();
  assert.ok(names(named).includes("User Administrator"));
  const whole = await ada
    .api(ROLES)
    .filter(`id eq '${USER_ADMINISTRATOR}'`)
    .expand(["assignments($select=userId)", "settings", "summary"])
    .get();
  const [role] = whole.value;
  assert.deepEqual(role.assignments.map((held) => held.userId), ["ben"]);
  assert.deepEqual([role.settings.id, role.summary.usersCount], [USER_ADMINISTRATOR, 1]);
}

export async function counts_take_the_filter_of_their_list() {
  const ada = await person("ada");
  const ben = await person("ben");
  await asked(ada, ben);
  const count = async (set, filter) => Number(await ada.api(`${set}/$count`).filter(filter).get());
  assert.equal(await count(ASSIGNMENTS, "isElevated eq true and userId ne 'ada'"), 1);
  assert.equal(await count(`${ASSIGNMENTS}/my`, `roleId eq '${SECURITY_READER}'`), 0);
  assert.equal(await count(EVENTS, "requestType eq 'Assign'"), 6);
  assert.equal(await count(REQUESTS, "type eq 'AdminAdd'"), 2);
  assert.equal(await count(APPROVALS, "approvalState eq 'approved'"), 0);
}
