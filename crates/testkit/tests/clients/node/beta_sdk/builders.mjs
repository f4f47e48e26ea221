// What the typed packages have request builders for.

import { PrivilegedRoleAssignmentRequestsServiceClientNavigationMetadata as REQUESTS } from "@microsoft/msgraph-beta-sdk-privilegedroleassignmentrequests";
import { PrivilegedRoleAssignmentsServiceClientNavigationMetadata as ASSIGNMENTS } from "@microsoft/msgraph-beta-sdk-privilegedroleassignments";

/** Each request that there is a builder for: its method and its path, as the document writes them. */
export function requests() {
  return [ASSIGNMENTS, REQUESTS].flatMap((navigation) => [...below(navigation)]);
}

function* below(navigation) {
  for (const { requestsMetadata = {}, navigationMetadata = {} } of Object.values(navigation)) {
    for (const [method, { uriTemplate }] of Object.entries(requestsMetadata)) {
      yield `${method.toUpperCase()} ${path(uriTemplate)}`;
    }
    yield* below(navigationMetadata);
  }
}

/** `{+baseurl}/sets/{set%2Did}/do(){?%24top}` is `/sets/{id}/do`. */
const path = (template) =>
  template.replace("{+baseurl}", "").replace(/\{\?.*\}$/, "").replace(/\{.*?\}/g, "{id}").replace("()", "");
