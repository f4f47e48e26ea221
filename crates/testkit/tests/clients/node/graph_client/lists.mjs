// Lists: paging, query options and counts.

import assert from "node:assert/strict";
import { PageIterator } from "@microsoft/microsoft-graph-client";

import { SECURITY_READER, USER_ADMINISTRATOR, advance, wire } from "../world.mjs";
import { person } from "./client.mjs";

const ASSIGNMENTS = "/privilegedRoleAssignments";
const EVENTS = "/privilegedOperationEvents";

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

export async function assignments_are_filtered_ordered_cut_and_expanded() {
  const ada = await person("ada");
  const ben = await person("ben");
  await eligible(ada, ["gus"]);
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
