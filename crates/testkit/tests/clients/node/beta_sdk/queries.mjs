// What lists, and single entities, are asked for by query options.

import assert from "node:assert/strict";

import { APPLICATION_ADMINISTRATOR, SECURITY_READER, USER_ADMINISTRATOR, last } from "../world.mjs";
import { person } from "./client.mjs";

const users = (list) => list.value.map((element) => element.userId);

export async function assignments_are_filtered_ordered_cut_expanded_and_counted() {
  const ada = await person("ada");
  const all = ada.privilegedRoleAssignments;
  await all.post({ userId: "gus", roleId: SECURITY_READER, isElevated: false });
  const get = (queryParameters) => all.get({ queryParameters });
  const filter = "isElevated eq true and expirationDateTime eq null";
  const orderby = ["userId desc", "roleId"];
  assert.deepEqual(users(await get({ filter, orderby })), ["cleo", "ada", "ada"]);
  const named = { filter: "startswith(userId,'g') or userId in ('ben')", count: true };
  const found = await get(named);
  assert.deepEqual([users(found), found.odataCount], [["ben", "gus"], 2]);
  const [cut] = (await get({ select: ["userId"], expand: ["roleInfo"], skip: 2, top: 1 })).value;
  assert.deepEqual([cut.userId, cut.isElevated], ["ben", undefined]);
  assert.equal(cut.roleInfo.name, "User Administrator");
  const held = all.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  const expand = ["roleInfo($expand=summary)"];
  const expanded = await held.get({ queryParameters: { expand, select: ["isElevated"] } });
  assert.deepEqual([expanded.isElevated, expanded.userId], [false, undefined]);
  assert.equal(expanded.roleInfo.summary.managedCount, 1);
  const beside = await held.roleInfo.assignments.get({ queryParameters: { filter: "userId eq 'ben'" } });
  assert.deepEqual(users(beside), ["ben"]);
  const mine = await ada.privilegedRoleAssignments.my.get({ queryParameters: { top: 1, count: true } });
  assert.deepEqual([mine.value.length, mine.odataCount], [1, 2]);
  assert.equal(await all.count.get(), 5);
  assert.equal(await all.count.get({ queryParameters: { filter: "isElevated eq false" } }), 2);
  assert.equal(last().headers.get("Accept"), "text/plain;q=0.9");
}

export async function requests_are_filtered_ordered_cut_expanded_and_counted() {
  const ada = await person("ada");
  const ben = await person("ben");
  const all = ada.privilegedRoleAssignmentRequests;
  const give = { roleId: APPLICATION_ADMINISTRATOR, type: "AdminAdd", assignmentState: "Eligible" };
  for (const userId of ["eve", "dana"]) {
    await all.post({ ...give, userId, reason: `For ${userId}` });
  }
  const take = { roleId: USER_ADMINISTRATOR, type: "UserAdd", assignmentState: "Active" };
  const own = await ben.privilegedRoleAssignmentRequests.post({ ...take, reason: "Help" });
  const get = (queryParameters) => all.get({ queryParameters });
  const given = await get({ filter: "type eq 'AdminAdd' and status eq 'Completed'", orderby: ["userId"], count: true });
  assert.deepEqual([users(given), given.odataCount], [["dana", "eve"], 2]);
  const newest = await get({ orderby: ["requestedDateTime desc"], top: 1, skip: 1, select: ["userId"] });
  assert.deepEqual([users(newest), newest.value[0].status], [["dana"], undefined]);
  assert.equal(await all.count.get({ queryParameters: { filter: "userId eq 'ben'" } }), 1);
  const one = all.byPrivilegedRoleAssignmentRequestId(own.id);
  const cut = await one.get({ queryParameters: { select: ["reason"], expand: ["roleInfo"] } });
  assert.deepEqual([cut.reason, cut.userId, cut.roleInfo.id], ["Help", undefined, USER_ADMINISTRATOR]);
  const mine = ben.privilegedRoleAssignmentRequests.my;
  const found = await mine.get({ queryParameters: { filter: "type eq 'UserAdd'", select: ["id"] } });
  assert.deepEqual(found.value.map((request) => request.id), [own.id]);
}
