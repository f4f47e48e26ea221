// Dev mode signs in whomever the reader chooses, with a second factor, by a token of its own issuer; and it moves the clock.
const PEOPLE = {
  ada: 'Privileged Role Administrator',
  ben: 'eligible User Administrator',
  cleo: 'Security Reader',
};

const STEPS = { PT1H: '+ 1 hour', PT2H: '+ 2 hours', P1D: '+ 1 day' };

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

// The list from which somebody is chosen.
function choice() {
  const select = document.createElement('select');
  for (const [name, role] of Object.entries(PEOPLE)) select.add(new Option(`${name} (${role})`, name));
  const label = document.createElement('label');
  label.id = 'person';
  label.append('Dev mode, signed in as ', select);
  return [label, select];
}

// What the clock of the rules shows, and buttons that move it.
function clock() {
  const shown = document.createElement('output');
  const change = async (body) => {
    const answer = await fetch('/dev/clock', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { now } = await answer.json();
    shown.value = `${now.slice(0, 10)} ${now.slice(11, 16)} UTC`;
  };
  const buttons = Object.entries(STEPS).map(([advance, text]) => {
    const button = document.createElement('button');
    button.value = advance;
    button.textContent = text;
    button.onclick = () => change({ advance });
    return button;
  });
  const clock = document.createElement('span');
  clock.id = 'clock';
  clock.append('The clock shows ', shown, ...buttons);
  change({});
  return clock;
}

window.onload = () => {
  const [label, person] = choice();
  const line = document.createElement('div');
  line.id = 'dev';
  line.append(clock(), label);
  document.body.prepend(line);
  show([...DOCUMENTS, { name: 'Dev mode', url: '/openapi/dev.json' }], (ui) => {
    person.onchange = async () => {
      // Until the page has the token it would go on as whoever was signed in before.
      person.disabled = true;
      await signIn(ui, person.value);
      person.disabled = false;
    };
    person.onchange();
  });
};
