// 429, as the SDK's own retry handler takes it.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import {
  createPrivilegedRoleAssignmentCollectionResponseFromDiscriminatorValue as assignmentsOf,
} from "@microsoft/msgraph-beta-sdk/models/index.js";
import { createODataErrorFromDiscriminatorValue as errorOf } from "@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js";
import { BatchRequestContent, PageIterator } from "@microsoft/msgraph-sdk-core";

import { USER_ADMINISTRATOR, exhaust, wire, withMfa } from "../world.mjs";
import { adapterOf, bearerOf, person } from "./client.mjs";

const ERRORS = { XXX: errorOf };

export async function what_is_throttled_is_sent_again_when_the_answer_says() {
  const ada = await person("ada");
  const held = ada.privilegedRoleAssignments.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  let tries = [];
  // Whether one more is one too many is for the server's clock to say.
  while (tries.length < 2) {
    const before = wire.length;
    assert.equal((await held.makePermanent.post({ reason: "Ben leads" })).isElevated, true);
    tries = wire.slice(before);
  }
  const attempts = tries.map((sent) => [sent.status, sent.headers.get("Retry-Attempt")]);
  assert.deepEqual(attempts, [[429, null], [200, "1"]]);
  assert.match(tries[0].answered.get("Retry-After"), /^[1-9]\d*$/);
  assert.deepEqual(tries[1].body, tries[0].body);
}

export async function a_page_that_is_throttled_is_asked_for_again_and_none_is_missed() {
  const token = await withMfa("ada");
  const all = bearerOf(token).privilegedRoleAssignments;
  let tries = [];
  while (tries.length < 2) {
    const first = await all.get({ queryParameters: { top: 2 } });
    await exhaust("ada");
    const before = wire.length;
    const ids = [];
    const each = (assignment) => ids.push(assignment.id) > 0;
    await new PageIterator(adapterOf(token), first, each, assignmentsOf, ERRORS).iterate();
    assert.deepEqual([ids.length, new Set(ids).size], [4, 4]);
    tries = wire.slice(before).map((sent) => sent.status);
  }
  assert.deepEqual(tries, [429, 200]);
}

/** The SDK tries a request again, not a part of a batch; its caller makes a batch of what was too much. */
export async function parts_that_are_throttled_say_when_and_can_be_sent_again() {
  const token = await withMfa("ada");
  const all = bearerOf(token).privilegedRoleAssignments;
  const held = all.byPrivilegedRoleAssignmentId(`ben_${USER_ADMINISTRATOR}`);
  let parts = {
    before: () => all.toGetRequestInformation(),
    gone: () => held.toDeleteRequestInformation(),
    after: () => all.count.toGetRequestInformation(),
  };
  await exhaust("ada");
  const rounds = [];
  while (Object.keys(parts).length > 0) {
    const batch = new BatchRequestContent(adapterOf(token), ERRORS);
    for (const [id, request] of Object.entries(parts)) {
      batch.addBatchRequest(request(), id);
    }
    const answers = await batch.postAsync();
    const statuses = [...(await answers.getResponsesStatusCodes())];
    rounds.push(statuses.map(([, status]) => status));
    const throttled = statuses.filter(([, status]) => status === 429).map(([id]) => id);
    const seconds = throttled.map((id) => {
      const headers = answers.getResponseById(id).headers.getValue();
      return Number(headers["Retry-After"].getValue());
    });
    assert.ok(seconds.every((second) => second > 0));
    parts = Object.fromEntries(throttled.map((id) => [id, parts[id]]));
    await setTimeout(1000 * Math.max(0, ...seconds));
  }
  assert.ok(rounds[0].includes(429), "there was one too many");
  // A second removal would have been refused.
  assert.deepEqual([...new Set(rounds.flat())].sort(), [200, 204, 429]);
}
