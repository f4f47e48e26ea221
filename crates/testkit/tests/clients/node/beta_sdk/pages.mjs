// Pages of lists, and how they are followed.

import assert from "node:assert/strict";
import {
  createPrivilegedRoleAssignmentCollectionResponseFromDiscriminatorValue as assignmentsOf,
} from "@microsoft/msgraph-beta-sdk/models/index.js";
import { createODataErrorFromDiscriminatorValue as errorOf } from "@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js";
import { PageIterator } from "@microsoft/msgraph-sdk-core";

import { SECURITY_READER, last, wire, withMfa } from "../world.mjs";
import { adapterOf, bearerOf } from "./client.mjs";

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
