// The server that a scenario is about, who signs in to it, and what went over the wire.

import assert from "node:assert/strict";

/** Where the server is, such as `http://127.0.0.1:8080`. */
export const server = process.argv[3];

/** What a server behind a proxy is called by. */
export const PUBLIC = "https://pim.example.org";

export const APPLICATION_ADMINISTRATOR = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
export const GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";
export const SECURITY_READER = "5d6b6bb7-de71-4623-b4af-96380a352509";
export const USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1";

const plainFetch = globalThis.fetch;

/** What the client sent, and how it was answered: method, URL, headers and body; status and headers of the answer. */
export const wire = [];

// The clients call the fetch that is global, so this sees every try of theirs. It only listens, and stands for the proxy
// that ends TLS where the server has a public URL.
globalThis.fetch = async (called, options) => {
  const { method, headers, body } = options;
  const url = String(called);
  const sent = { method, url, headers: new Headers(headers), body };
  const answer = await plainFetch(url.replace(PUBLIC, server), options);
  wire.push({ ...sent, status: answer.status, answered: answer.headers });
  return answer;
};

/** The last request that went over the wire. */
export const last = () => wire.at(-1);

/** A token of the dev issuer with these claims; it fills in the others. */
export async function token(claims) {
  return (await dev("token", claims)).access_token;
}

/** The token of somebody of the demo tenant who signed in with MFA. */
export const withMfa = (name) => token({ oid: name, amr: ["mfa"] });

/** Moves the clock of the rules forward by a duration, such as `PT2H`. */
export const advance = (duration) => dev("clock", { advance: duration });

async function dev(endpoint, body) {
  const answer = await plainFetch(`${server}/dev/${endpoint}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

/** The error that a call fails with; one that succeeds is a failure. */
export async function refusal(call) {
  let answer;
  try {
    answer = await call;
  } catch (error) {
    return error;
  }
  throw new Error(`it was not refused: ${JSON.stringify(answer)}`);
}

/** Makes requests as somebody until one is one too many. */
export async function exhaust(name) {
  const headers = { Authorization: `Bearer ${await withMfa(name)}` };
  let status = 200;
  while (status === 200) {
    ({ status } = await plainFetch(`${server}/beta/privilegedRoleAssignments/my`, { headers }));
  }
  assert.equal(status, 429);
}
