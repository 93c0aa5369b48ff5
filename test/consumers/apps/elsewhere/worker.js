const library = new URLSearchParams(location.search).get('library');
await import(`${library}/dist/runtime/worker.js`);
