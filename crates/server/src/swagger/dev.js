
// Dev mode signs everybody in as ada, with a second factor, by a token of its own issuer.
async function signIn(ui) {
  const schemes = ui.specSelectors.securityDefinitions();
  if (!schemes) return;
  const answer = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ oid: 'ada', amr: ['pwd', 'mfa'] }),
  });
  const token = await answer.json();
  const authorized = {};
  for (const [name, schema] of Object.entries(schemes.toJS())) {
    authorized[name] = schema.type === 'http'
      ? { name, schema, value: token.access_token }
      : { name, schema, token };
  }
  ui.authActions.authorize(authorized);
}

window.onload = () => show([...DOCUMENTS, { name: 'Dev mode', url: '/openapi/dev.json' }], signIn);
