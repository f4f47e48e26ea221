// Closes the sections of the introduction, so that the operations are in sight.
function fold() {
  for (const title of document.querySelectorAll('.info .description h2:not(summary h2)')) {
    const section = document.createElement('details');
    const summary = document.createElement('summary');
    title.before(section);
    summary.append(title);
    section.append(summary);
    while (section.nextSibling && section.nextSibling.nodeName !== 'H2') section.append(section.nextSibling);
  }
}

const manual = ({ React }) => ({
  wrapComponents: {
    // Before anything is painted, or the page would slip away below the operation that a link leads to.
    info: (Info) => (properties) => {
      React.useLayoutEffect(fold);
      return React.createElement(Info, properties);
    },
  },
  statePlugins: {
    auth: {
      wrapSelectors: {
        // One token is all that anybody has to give; the scheme `delegated` says which scopes it needs.
        isAuthorized: (original) => (_state, schemes) =>
          original(schemes?.map((scheme) => scheme.delete('delegated'))),
      },
    },
  },
});

// Shows documents in the vendored Swagger UI; `ready` is called when one is on the page.
function show(documents, ready) {
  const ui = SwaggerUIBundle({
    urls: documents,
    dom_id: '#swagger-ui',
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    showExtensions: true,
    defaultModelExpandDepth: 3,
    defaultModelsExpandDepth: 0,
    validatorUrl: 'none',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl, manual],
    layout: 'StandaloneLayout',
    onComplete: () => ready(ui),
  });
  // What the manual links to is on this page; the vendored one would open another.
  document.addEventListener('click', (event) => {
    const link = event.target.closest('.description a[href^="#/"]');
    if (!link) return;
    event.preventDefault();
    ui.layoutActions.parseDeepLinkHash(link.getAttribute('href'));
  });
}

const DOCUMENTS = [
  { name: 'Graph (beta)', url: '/openapi/graph-beta.json' },
  { name: 'Operators', url: '/openapi/admin.json' },
];
