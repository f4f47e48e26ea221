// Refusals, as the client's GraphError has them.

import assert from "node:assert/strict";
import { GraphError } from "@microsoft/microsoft-graph-client";

import { APPLICATION_ADMINISTRATOR, USER_ADMINISTRATOR, last, refusal, token } from "../world.mjs";
import { bearerOf, person } from "./client.mjs";

const ASSIGNMENTS = "/privilegedRoleAssignments";

/** What a call is refused with: every member that the client reads must be there, and be that of the last answer. */
async function refused(call, statusCode, code) {
  const error = await refusal(call);
  assert.ok(error instanceof GraphError, error);
  assert.deepEqual([error.statusCode, error.code], [statusCode, code]);
  assert.notEqual(error.message, "");
  assert.equal(error.requestId, last().answered.get("request-id"));
  assert.equal(error.headers.get("request-id"), error.requestId);
  // The date has no zone, as on Graph, so that the client takes it for local time.
  assert.ok(!Number.isNaN(error.date.getTime()));
  const body = JSON.parse(error.body);
  assert.equal(body.message, error.message);
  assert.equal(body.innerError["client-request-id"], last().headers.get("client-request-id"));
  return { ...body, message: error.message };
}

export async function malformed_options_and_bodies_are_refused_with_what_is_wrong() {
  const ada = await person("ada");
  const list = () => ada.api(ASSIGNMENTS);
  const options = [
    [list().filter("isElevatd eq true"), "$filter", /isElevated/],
    [list().filter("isElevated eq"), "$filter", /./],
    [list().orderby("colour"), "$orderby", /colour/],
    [list().select("colour"), "$select", /colour/],
    [list().top(0), "$top", /1/],
  ];
  for (const [request, target, message] of options) {
    const error = await refused(request.get(), 400, "Request_UnsupportedQuery");
    assert.equal(error.target, target);
    assert.match(error.message, message);
  }
  const unsupported = ada.api("/privilegedSignupStatus/isSignedUp").skipToken("abc");
  await refused(unsupported.get(), 400, "Request_UnsupportedQuery");
  const body = await refused(list().post({ userId: "dana" }), 400, "invalidRequest");
  assert.equal(body.target, "roleId");
  await refused(list().post("{"), 400, "BadRequest");
}

export async function rules_that_fail_are_named() {
  const ada = await person("ada");
  const ben = await person("ben");
  const role = `/privilegedRoles/${USER_ADMINISTRATOR}`;
  await ada.api(`${role}/settings`).patch({ ticketingInfoOnElevation: true });
  const activate = (body) => ben.api(`${role}/selfActivate`).post(body);
  const ticket = await refused(activate({ reason: "Help" }), 400, "TicketingInfoRequired");
  assert.match(ticket.message, /ticket/i);
  const several = await refused(
    activate({ duration: "9" }),
    400,
    "RoleAssignmentRequestPolicyValidationFailed",
  );
  assert.ok(several.details.length > 1, several);
  const unasked = bearerOf(await token({ oid: "ben", amr: ["pwd"] }));
  await refused(unasked.api(`${role}/selfActivate`).post({ reason: "Help" }), 403, "MfaRequired");
}

export async function callers_without_a_good_token_or_the_role_are_refused() {
  await refused(bearerOf("none").api(ASSIGNMENTS).get(), 401, "InvalidAuthenticationToken");
  assert.match(last().answered.get("WWW-Authenticate"), /^Bearer /);
  const ben = await person("ben");
  const denied = await refused(ben.api(ASSIGNMENTS).get(), 403, "Authorization_RequestDenied");
  assert.equal(typeof denied.innerError.code, "string");
  const stranger = bearerOf(await token({ oid: "fay", tid: "6b0f8c1d-52e7-4a39-8d64-1f7a90c3be25" }));
  const outside = await refused(stranger.api(`${ASSIGNMENTS}/my`).get(), 403, "UnauthorizedAccessException");
  assert.equal(outside.innerError.code, "TenantNotRegistered");
}

export async function what_is_not_there_is_refused() {
  const ada = await person("ada");
  const nobody = `${ASSIGNMENTS}/nobody_${APPLICATION_ADMINISTRATOR}`;
  await refused(ada.api(nobody).get(), 404, "ResourceNotFound");
  await refused(ada.api(`${nobody}/makePermanent`).post(), 404, "ResourceNotFound");
  await refused(ada.api("/privilegedSecurityAlerts").get(), 404, "ResourceNotFound");
  await refused(ada.api(nobody).put({}), 405, "Request_BadRequest");
  assert.deepEqual(last().answered.get("Allow").split(/, */).sort(), ["DELETE", "GET", "HEAD"]);
}
