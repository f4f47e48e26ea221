// 429, as the client's own retry handler takes it.

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { BatchRequestContent, BatchResponseContent, PageIterator } from "@microsoft/microsoft-graph-client";

import { PUBLIC, USER_ADMINISTRATOR, exhaust, wire } from "../world.mjs";
import { person } from "./client.mjs";

export async function what_is_throttled_is_sent_again_when_the_answer_says() {
  const ben = await person("ben");
  const role = `/privilegedRoles/${USER_ADMINISTRATOR}`;
  let tries = [];
  // Whether one more is one too many is for the server's clock to say.
  while (tries.length < 2) {
    const before = wire.length;
    const active = await ben.api(`${role}/selfActivate`).post({ reason: "Help" });
    assert.equal(active.isElevated, true);
    tries = wire.slice(before);
    await ben.api(`${role}/selfDeactivate`).post();
  }
  const attempts = tries.map((sent) => [sent.status, sent.headers.get("Retry-Attempt")]);
  assert.deepEqual(attempts, [[429, null], [200, "1"]]);
  assert.match(tries[0].answered.get("Retry-After"), /^[1-9]\d*$/);
  assert.equal(tries[1].body, tries[0].body);
}

export async function a_page_that_is_throttled_is_asked_for_again_and_none_is_missed() {
  const ada = await person("ada");
  let tries = [];
  while (tries.length < 3) {
    const first = await ada.api("/privilegedRoles").top(50).get();
    await exhaust("ada");
    const before = wire.length;
    const roles = [];
    await new PageIterator(ada, first, (role) => roles.push(role.id)).iterate();
    assert.deepEqual([roles.length, new Set(roles).size], [145, 145]);
    tries = wire.slice(before).map((sent) => sent.status);
  }
  assert.equal(tries.filter((status) => status === 200).length, 2);
}

/** The client tries a request again, not a part of a batch; its caller makes a batch of what was too much. */
export async function parts_that_are_throttled_say_when_and_can_be_sent_again() {
  const ben = await person("ben");
  const mine = "/privilegedRoleAssignments/my";
  let parts = {
    before: [mine],
    activate: [
      `/privilegedRoles/${USER_ADMINISTRATOR}/selfActivate`,
      { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"reason":"Help"}' },
    ],
    after: [mine],
  };
  await exhaust("ben");
  const rounds = [];
  while (Object.keys(parts).length > 0) {
    const requests = Object.entries(parts).map(([id, [path, options]]) => ({
      id,
      request: new Request(`${PUBLIC}${path}`, options),
    }));
    const batch = new BatchRequestContent(requests);
    const answers = new BatchResponseContent(await ben.api("/$batch").post(await batch.getContent()));
    const responses = [...answers.getResponsesIterator()];
    rounds.push(responses.map(([, response]) => response.status));
    const throttled = responses.filter(([, response]) => response.status === 429);
    const seconds = throttled.map(([, response]) => Number(response.headers.get("Retry-After")));
    assert.ok(seconds.every((second) => second > 0));
    parts = Object.fromEntries(throttled.map(([id]) => [id, parts[id]]));
    await setTimeout(1000 * Math.max(0, ...seconds));
  }
  assert.ok(rounds[0].includes(429), "there was one too many");
  // A second activation would have been refused.
  assert.deepEqual([...new Set(rounds.flat())].sort(), [200, 429]);
}
