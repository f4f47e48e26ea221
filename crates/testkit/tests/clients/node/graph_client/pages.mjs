// Pages of lists, and how they are followed.

import assert from "node:assert/strict";
import { PageIterator } from "@microsoft/microsoft-graph-client";

import { SECURITY_READER, wire } from "../world.mjs";
import { person } from "./client.mjs";

const ASSIGNMENTS = "/privilegedRoleAssignments";

/** Makes these people eligible for Security Reader. */
async function eligible(ada, people) {
  for (const userId of people) {
    await ada.api(ASSIGNMENTS).post({ userId, roleId: SECURITY_READER, isElevated: false });
  }
}

const users = (assignments) => assignments.value.map((assignment) => assignment.userId);

/** All elements of a list from this page on, by the client's own iterator. */
async function iterated(client, page) {
  const elements = [];
  const iterator = new PageIterator(client, page, (element) => elements.push(element) > 0);
  await iterator.iterate();
  assert.ok(iterator.isComplete());
  return elements;
}

/** The links that were followed since are those that were answered, character by character. */
function followed(links, since) {
  assert.deepEqual(wire.slice(since).map((request) => request.url), links);
}

export async function pages_of_a_top_are_iterated_by_next_links_as_they_are() {
  const ada = await person("ada");
  const people = ["gus", "hal", "ida", "joy", "kim"];
  await eligible(ada, people);
  const page = await ada
    .api(ASSIGNMENTS)
    .filter(`roleId eq '${SECURITY_READER}' and isElevated eq false`)
    .orderby("userId desc")
    .select(["userId", "isElevated"])
    .top(2)
    .count()
    .get();
  assert.deepEqual(users(page), ["kim", "joy"]);
  assert.equal(page["@odata.count"], 5);

  const before = wire.length;
  const links = [page["@odata.nextLink"]];
  const next = await ada.api(links[0]).get();
  links.push(next["@odata.nextLink"]);
  const end = await ada.api(links[1]).get();
  followed(links, before);
  assert.deepEqual([users(next), users(end)], [["ida", "hal"], ["gus"]]);
  assert.equal(end["@odata.nextLink"], undefined);
  assert.deepEqual(Object.keys(end.value[0]).sort(), ["isElevated", "userId"]);

  const again = wire.length;
  const all = await iterated(ada, page);
  assert.deepEqual(all.map((assignment) => assignment.userId), [...people].reverse());
  followed(links, again);
}

export async function pages_of_a_preferred_size_are_iterated_without_preferring_it_again() {
  const ada = await person("ada");
  const page = await ada
    .api("/privilegedRoles")
    .header("Prefer", "odata.maxpagesize=60")
    .query({ $count: "true" })
    .get();
  assert.deepEqual([page.value.length, page["@odata.count"]], [60, 145]);
  const before = wire.length;
  const roles = await iterated(ada, page);
  assert.equal(new Set(roles.map((role) => role.id)).size, 145);
  const rest = wire.slice(before);
  assert.deepEqual(rest.map((request) => request.headers.get("Prefer")), [null, null]);
}

export async function an_iterator_that_was_paused_goes_on_where_it_was() {
  const ada = await person("ada");
  const page = await ada.api("/privilegedRoles").top(50).get();
  const roles = [];
  const iterator = new PageIterator(ada, page, (role) => roles.push(role.id) !== 70);
  await iterator.iterate();
  assert.deepEqual([roles.length, iterator.isComplete()], [70, false]);
  await iterator.resume();
  assert.deepEqual([new Set(roles).size, iterator.isComplete()], [145, true]);
}
