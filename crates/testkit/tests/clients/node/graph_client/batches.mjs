// Batches, put together and taken apart by the client.

import assert from "node:assert/strict";
import { BatchRequestContent, BatchResponseContent } from "@microsoft/microsoft-graph-client";

import { APPLICATION_ADMINISTRATOR, PUBLIC, USER_ADMINISTRATOR, refusal } from "../world.mjs";
import { person } from "./client.mjs";

/** A part of a batch. As Graph's page on batches has it, its URL is that of the server without the version. */
const part = (id, path, options) => ({ id, request: new Request(`${PUBLIC}${path}`, options) });

const withBody = (method, body) => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** Carries out these parts and answers their responses. */
async function carriedOut(client, batch) {
  const answer = await client.api("/$batch").post(await batch.getContent());
  return new BatchResponseContent(answer);
}

export async function parts_of_a_batch_are_answered_as_responses_of_their_own() {
  const ben = await person("ben");
  const batch = new BatchRequestContent([
    part("mine", "/privilegedRoleAssignments/my?$select=userId,isElevated"),
    part(
      "activate",
      `/privilegedRoles/${USER_ADMINISTRATOR}/selfActivate`,
      withBody("POST", { reason: "Help", duration: "2" }),
    ),
    part("everybody", "/privilegedRoleAssignments"),
    part("count", "/privilegedRoleAssignments/my/$count"),
  ]);
  const answers = await carriedOut(ben, batch);
  const mine = answers.getResponseById("mine");
  assert.deepEqual((await mine.json()).value, [{ userId: "ben", isElevated: false }]);
  assert.match(mine.headers.get("request-id"), /^[0-9a-f-]{36}$/);
  const active = await answers.getResponseById("activate").json();
  assert.equal(active.isElevated, true);
  const everybody = answers.getResponseById("everybody");
  assert.equal(everybody.status, 403);
  assert.equal((await everybody.json()).error.code, "Authorization_RequestDenied");
  assert.equal(await answers.getResponseById("count").text(), "1");
  const statuses = [...answers.getResponsesIterator()].map(([id, response]) => [id, response.status]);
  assert.deepEqual(Object.fromEntries(statuses), { mine: 200, activate: 200, everybody: 403, count: 200 });
}

export async function what_depends_on_a_success_is_carried_out_after_it() {
  const ada = await person("ada");
  const held = `/privilegedRoleAssignments/dana_${APPLICATION_ADMINISTRATOR}`;
  const batch = new BatchRequestContent([
    part(
      "give",
      "/privilegedRoleAssignments",
      withBody("POST", { userId: "dana", roleId: APPLICATION_ADMINISTRATOR }),
    ),
    part("keep", `${held}/makePermanent`, withBody("POST", { reason: "Dana runs the portal" })),
    part("settings", `/privilegedRoles/${APPLICATION_ADMINISTRATOR}/settings`, withBody("PATCH", {})),
    part("take", held, { method: "DELETE" }),
  ]);
  for (const id of ["keep", "settings", "take"]) {
    batch.addDependency(id);
  }
  const answers = await carriedOut(ada, batch);
  assert.equal(answers.getResponseById("give").status, 201);
  assert.equal((await answers.getResponseById("keep").json()).expirationDateTime, null);
  for (const id of ["settings", "take"]) {
    const answer = answers.getResponseById(id);
    assert.deepEqual([answer.status, await answer.text()], [204, ""]);
  }
}

export async function what_depends_on_a_failure_is_not_carried_out() {
  const ada = await person("ada");
  const batch = new BatchRequestContent([
    part("nobody", `/privilegedRoleAssignments/nobody_${APPLICATION_ADMINISTRATOR}`),
    part("one", "/privilegedRoleAssignments"),
    part("two", "/privilegedRoles"),
  ]);
  batch.addDependency("one", "nobody");
  batch.addDependency("two", "nobody");
  const answers = await carriedOut(ada, batch);
  assert.equal(answers.getResponseById("nobody").status, 404);
  for (const id of ["one", "two"]) {
    const answer = answers.getResponseById(id);
    assert.equal(answer.status, 424);
    assert.equal((await answer.json()).error.code, "FailedDependency");
  }
}

export async function twenty_parts_are_carried_out_and_more_are_refused() {
  const ada = await person("ada");
  const parts = Array.from({ length: 20 }, (_, at) => part(`${at}`, "/privilegedRoleAssignments/my"));
  const batch = new BatchRequestContent(parts);
  const content = await batch.getContent();
  const answers = await carriedOut(ada, batch);
  assert.equal(answers.getResponses().size, 20);
  // The client itself puts no more than 20 into a batch.
  const more = [...content.requests, { ...content.requests[0], id: "one more" }];
  const error = await refusal(ada.api("/$batch").post({ requests: more }));
  assert.deepEqual([error.statusCode, error.code], [400, "invalidRequest"]);
}
