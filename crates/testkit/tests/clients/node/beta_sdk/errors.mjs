// Refusals, as the SDK's ODataError has them.

import assert from "node:assert/strict";

import { APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR, last, refusal, token } from "../world.mjs";
import { bearerOf, person } from "./client.mjs";

const ACTIVATION = { roleId: USER_ADMINISTRATOR, type: "UserAdd", assignmentState: "Active" };

/** What a call is refused with: every member that the SDK reads must be there, and be that of the last answer. */
async function refused(call, status, code) {
  const error = await refusal(call);
  assert.equal(error.responseStatusCode, status, error);
  const { errorEscaped: main } = error;
  assert.equal(main.code, code);
  assert.ok(main.message.length > 0);
  assert.equal(error.message, main.message);
  assert.equal(main.innerError.requestId, last().answered.get("request-id"));
  assert.equal(main.innerError.clientRequestId, last().answered.get("client-request-id"));
  assert.ok(!Number.isNaN(main.innerError.date.getTime()));
  assert.deepEqual(error.responseHeaders["request-id"], [main.innerError.requestId]);
  return main;
}

export async function malformed_options_and_bodies_are_refused_with_what_is_wrong() {
  const ada = await person("ada");
  const get = (queryParameters) => ada.privilegedRoleAssignments.get({ queryParameters });
  for (const [option, value] of [
    ["filter", "isElevatd eq true"],
    ["orderby", ["colour"]],
    ["select", ["colour"]],
    ["expand", ["colour"]],
    ["top", 0],
  ]) {
    const main = await refused(get({ [option]: value }), 400, "Request_UnsupportedQuery");
    assert.equal(main.target, `$${option}`);
  }
  const incomplete = ada.privilegedRoleAssignments.post({ userId: "dana" });
  assert.equal((await refused(incomplete, 400, "invalidRequest")).target, "roleId");
}

export async function rules_that_fail_are_named() {
  const ben = await person("ben");
  const ask = (body) => ben.privilegedRoleAssignmentRequests.post({ ...ACTIVATION, ...body });
  await refused(ask({}), 400, "RequestorReasonMissing");
  const several = await refused(ask({ duration: "9" }), 400, "RoleAssignmentRequestPolicyValidationFailed");
  assert.deepEqual(several.details.map((detail) => detail.code).sort(), ["ExpirationRule", "JustificationRule"]);
  const unasked = bearerOf(await token({ oid: "ben", amr: ["pwd"] }));
  const withReason = { ...ACTIVATION, reason: "Help" };
  await refused(unasked.privilegedRoleAssignmentRequests.post(withReason), 403, "MfaRequired");
}

export async function callers_without_a_good_token_or_the_role_are_refused() {
  const nobody = bearerOf("none");
  await refused(nobody.privilegedRoleAssignments.get(), 401, "InvalidAuthenticationToken");
  const ben = await person("ben");
  await refused(ben.privilegedRoleAssignments.get(), 403, "Authorization_RequestDenied");
  await refused(ben.privilegedRoleAssignments.count.get(), 403, "Authorization_RequestDenied");
  const stranger = bearerOf(await token({ oid: "fay", tid: "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25" }));
  await refused(stranger.privilegedRoleAssignments.my.get(), 403, "UnauthorizedAccessException");
}

export async function what_is_not_there_is_refused() {
  const ada = await person("ada");
  const held = ada.privilegedRoleAssignments.byPrivilegedRoleAssignmentId(
    `nobody_${APPLICATION_ADMINISTRATOR}`,
  );
  await refused(held.get(), 404, "ResourceNotFound");
  await refused(held.delete(), 404, "ResourceNotFound");
  await refused(held.makeEligible.post(), 404, "ResourceNotFound");
  await refused(held.patch({ isElevated: true }), 405, "Request_BadRequest");
}
