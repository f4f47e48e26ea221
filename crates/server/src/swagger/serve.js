
// People paste a token of their own under Authorize.
window.onload = () => show(DOCUMENTS, () => {});
