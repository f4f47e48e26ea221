// The Graph client as its page says, but for the URL and the token. It gives tokens to `https` URLs alone, and takes no others
// for absolute ones; so all its scenarios go through a proxy.

import { Client } from "@microsoft/microsoft-graph-client";

import { PUBLIC, withMfa } from "../world.mjs";

/** The client in the hands of whoever has this token. */
export function bearerOf(token) {
  return Client.init({
    baseUrl: `${PUBLIC}/`,
    defaultVersion: "beta",
    customHosts: new Set([new URL(PUBLIC).hostname]),
    authProvider: (done) => done(null, token),
  });
}

/** The client in the hands of somebody of the demo tenant. */
export const person = async (name) => bearerOf(await withMfa(name));
