// 429, as the client's own retry handler takes it.

import assert from "node:assert/strict";

import { USER_ADMINISTRATOR, wire } from "../world.mjs";
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
