// Lists: paging, query options and counts.

import assert from "node:assert/strict";
import {
  createPrivilegedRoleAssignmentCollectionResponseFromDiscriminatorValue as assignmentsOf,
} from "@microsoft/msgraph-beta-sdk/models/index.js";
import { createODataErrorFromDiscriminatorValue as errorOf } from "@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js";
import { PageIterator } from "@microsoft/msgraph-sdk-core";

import { SECURITY_READER, USER_ADMINISTRATOR, last, wire, withMfa } from "../world.mjs";
import { adapterOf, bearerOf, person } from "./client.mjs";

/** Makes these people eligible for Security Reader. */
async function eligible(ada, people) {
  for (const userId of people) {
    await ada.privilegedRoleAssignments.post({ userId, roleId: SECURITY_READER, isElevated: false });
  }
}

const users = (assignments) => assignments.value.map((assignment) => assignment.userId);

/** Who has the assignments from this page on, by the SDK's own iterator. */
async function iterated(adapter, page) {
  const people = [];
  const each = (assignment) => people.push(assignment.userId) > 0;
  await new PageIterator(adapter, page, each, assignmentsOf, { XXX: errorOf }).iterate();
  return people;
}

export async function pages_are_iterated_by_next_links_as_they_are() {
  const token = await withMfa("ada");
  const ada = bearerOf(token);
  const people = ["gus", "hal", "ida", "joy", "kim"];
  await eligible(ada, people);
  const page = await ada.privilegedRoleAssignments.get({
    queryParameters: {
      filter: `roleId eq '${SECURITY_READER}' and isElevated eq false`,
      orderby: ["userId desc"],
      select: ["userId", "isElevated"],
      top: 2,
      count: true,
    },
  });
  assert.deepEqual([users(page), page.odataCount], [["kim", "joy"], 5]);
  const next = await ada.privilegedRoleAssignments.withUrl(page.odataNextLink).get();
  assert.equal(last().url, page.odataNextLink);
  const end = await ada.privilegedRoleAssignments.withUrl(next.odataNextLink).get();
  assert.deepEqual([users(next), users(end)], [["ida", "hal"], ["gus"]]);
  assert.equal(end.odataNextLink, undefined);

  const before = wire.length;
  assert.deepEqual(await iterated(adapterOf(token), page), [...people].reverse());
  const links = wire.slice(before).map((request) => request.url);
  assert.deepEqual(links, [page.odataNextLink, next.odataNextLink]);
}

export async function pages_of_a_preferred_size_are_iterated_without_preferring_it_again() {
  const token = await withMfa("ada");
  const ada = bearerOf(token);
  await eligible(ada, ["gus", "hal", "ida"]);
  const page = await ada.privilegedRoleAssignments.get({
    headers: { Prefer: "odata.maxpagesize=3" },
  });
  assert.equal(page.value.length, 3);
  const before = wire.length;
  const people = await iterated(adapterOf(token), page);
  assert.deepEqual(people, ["ada", "ada", "ben", "cleo", "gus", "hal", "ida"]);
  const preferences = wire.slice(before).map((request) => request.headers.get("Prefer"));
  assert.deepEqual(preferences, [null, null]);
}

export async function assignments_are_filtered_ordered_cut_expanded_and_counted() {
  const ada = await person("ada");
  await eligible(ada, ["gus"]);
  const all = ada.privilegedRoleAssignments;
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
  assert.equal(last().headers.get("Accept"), "text/plain;q=0.9");
}
