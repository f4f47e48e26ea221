// Batches, put together and taken apart by the SDK's core.
//
// It loses bodies both ways, whatever the service: of a part it sends `{}` for headers and body, or the body without its
// Content-Type, which is refused; of an answer it reads a body as Base64, which JSON is not. So parts are without bodies here,
// and of their answers the status and the headers are looked at.

import assert from "node:assert/strict";
import { createODataErrorFromDiscriminatorValue as errorOf } from "@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js";
import { BatchRequestContent, BatchRequestContentCollection } from "@microsoft/msgraph-sdk-core";

import { APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR, refusal, wire, withMfa } from "../world.mjs";
import { adapterOf, bearerOf } from "./client.mjs";

const ERRORS = { XXX: errorOf };

/** Whoever has this token: the SDK, and what it sends batches by. */
async function signedIn(name) {
  const token = await withMfa(name);
  return [bearerOf(token), adapterOf(token)];
}

/** The requests as parts of a batch, by their ids. */
function batchOf(adapter, requests) {
  const batch = new BatchRequestContent(adapter, ERRORS);
  const parts = Object.entries(requests).map(([id, request]) => [id, batch.addBatchRequest(request, id)]);
  return [batch, Object.fromEntries(parts)];
}

const statuses = async (answers) => Object.fromEntries(await answers.getResponsesStatusCodes());

export async function parts_of_a_batch_are_answered_as_responses_of_their_own() {
  const [ada, adapter] = await signedIn("ada");
  const all = ada.privilegedRoleAssignments;
  const held = all.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  const nobody = all.byPrivilegedRoleAssignmentId(`nobody_${APPLICATION_ADMINISTRATOR}`);
  const filter = { queryParameters: { filter: "userId eq 'ben'", top: 1 } };
  const [batch] = batchOf(adapter, {
    list: all.toGetRequestInformation(filter),
    action: held.makeEligible.toPostRequestInformation(),
    nobody: nobody.toGetRequestInformation(),
    count: all.count.toGetRequestInformation(),
    gone: held.toDeleteRequestInformation(),
  });
  const answers = await batch.postAsync();
  assert.deepEqual(await statuses(answers), { list: 200, action: 200, nobody: 404, count: 200, gone: 204 });
  const headers = answers.getResponseById("list").headers.getValue();
  assert.equal(headers["Content-Type"].getValue(), "application/json");
  assert.equal((await refusal(held.get())).responseStatusCode, 404);
}

export async function what_depends_on_a_failure_is_not_carried_out() {
  const [ada, adapter] = await signedIn("ada");
  const all = ada.privilegedRoleAssignments;
  const nobody = all.byPrivilegedRoleAssignmentId(`nobody_${APPLICATION_ADMINISTRATOR}`);
  const held = all.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  const [batch, parts] = batchOf(adapter, {
    first: all.toGetRequestInformation(),
    nobody: nobody.toGetRequestInformation(),
    gone: held.toDeleteRequestInformation(),
  });
  parts.nobody.dependsOn = ["first"];
  parts.gone.dependsOn = ["nobody"];
  const answers = await batch.postAsync();
  assert.deepEqual(await statuses(answers), { first: 200, nobody: 404, gone: 424 });
  assert.equal((await held.get()).userId, "ben");
}

export async function more_than_twenty_are_sent_as_several_batches() {
  const [ada, adapter] = await signedIn("ada");
  const requests = new BatchRequestContentCollection(adapter, ERRORS);
  const mine = () => ada.privilegedRoleAssignments.my.toGetRequestInformation();
  const ids = Array.from({ length: 25 }, (_, at) => `${at}`);
  for (const id of ids) {
    requests.addBatchRequest(mine(), id);
  }
  const answers = await requests.postAsync();
  const found = await answers.getResponsesStatusCodes();
  assert.deepEqual([...found.keys()].sort(), [...ids].sort());
  assert.ok([...found.values()].every((status) => status === 200));
  assert.equal(wire.length, 2);
}

export async function a_part_whose_content_type_the_core_lost_is_refused_with_why() {
  const [ada, adapter] = await signedIn("ada");
  const held = ada.privilegedRoleAssignments.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  const [batch] = batchOf(adapter, {
    keep: held.makePermanent.toPostRequestInformation({ reason: "Ben leads" }),
  });
  const error = await refusal(batch.postAsync());
  assert.deepEqual([error.responseStatusCode, error.errorEscaped.code], [400, "invalidRequest"]);
  assert.match(error.message, /"keep".*Content-Type/);
}
