// Dev mode signs in whomever the reader chooses, with a second factor, by a token of its own issuer.
const PEOPLE = {
  ada: 'Privileged Role Administrator',
  ben: 'eligible User Administrator',
  cleo: 'Security Reader',
};

async function signIn(ui, person) {
  const schema = ui.specSelectors.securityDefinitions()?.get('token')?.toJS();
  if (!schema) return;
  const answer = await fetch('/dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ oid: person, amr: ['pwd', 'mfa'] }),
  });
  const { access_token: value } = await answer.json();
  ui.authActions.authorize({ token: { name: 'token', schema, value } });
}

// The line above everything that says who is signed in, and changes it.
function choice() {
  const select = document.createElement('select');
  for (const [name, role] of Object.entries(PEOPLE)) select.add(new Option(`${name} (${role})`, name));
  const label = document.createElement('label');
  label.id = 'person';
  label.append('Dev mode, signed in as ', select);
  document.body.prepend(label);
  return select;
}

window.onload = () => {
  const person = choice();
  show([...DOCUMENTS, { name: 'Dev mode', url: '/openapi/dev.json' }], (ui) => {
    person.onchange = () => signIn(ui, person.value);
    signIn(ui, person.value);
  });
};
