// The beta SDK as its page says, but for the URL and the token.

import "@microsoft/msgraph-beta-sdk-privilegedroleassignmentrequests";
import "@microsoft/msgraph-beta-sdk-privilegedroleassignments";
import { BaseBearerTokenAuthenticationProvider } from "@microsoft/kiota-abstractions";
import { GraphBetaRequestAdapter, createGraphBetaServiceClient } from "@microsoft/msgraph-beta-sdk";

import { server, withMfa } from "../world.mjs";

/** What the SDK sends by, for whoever has this token; `http` is its own client where none is given. */
export function adapterOf(token, http) {
  const tokens = { getAuthorizationToken: async () => token };
  const provider = new BaseBearerTokenAuthenticationProvider(tokens);
  const adapter = new GraphBetaRequestAdapter(provider, undefined, undefined, http);
  adapter.baseUrl = `${server}/beta`;
  return adapter;
}

/** The SDK in the hands of whoever has this token. */
export const bearerOf = (token) => createGraphBetaServiceClient(adapterOf(token));

/** The SDK in the hands of somebody of the demo tenant. */
export const person = async (name) => bearerOf(await withMfa(name));
