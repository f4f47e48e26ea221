// Shows documents in the vendored Swagger UI; `ready` is called when one is on the page.
function show(documents, ready) {
  const ui = SwaggerUIBundle({
    urls: documents,
    dom_id: '#swagger-ui',
    deepLinking: true,
    tryItOutEnabled: true,
    validatorUrl: 'none',
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl],
    layout: 'StandaloneLayout',
    onComplete: () => ready(ui),
  });
}

const DOCUMENTS = [
  { name: 'Graph (beta)', url: '/openapi/graph-beta.json' },
  { name: 'Operations', url: '/openapi/admin.json' },
];
