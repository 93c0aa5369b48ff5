const library = new URLSearchParams(location.search).get('library');
await import(`${library}/dist/backends/wasm/worker.js`);
