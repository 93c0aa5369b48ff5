import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** With these, a page may share memory between threads; a host that can't set them leaves it one thread. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const page = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative addresses: the built page works under any path.
  base: './',
  // Not 'spa', which answers a missing file with index.html instead of 404.
  appType: 'mpa',
  server: { headers, fs: { allow: ['..'] } },
  preview: { headers },
  // Every module as it is: bundling dependencies on the way would reload the page.
  optimizeDeps: { noDiscovery: true, include: [] },
  worker: { format: 'es' },
  // No data: URLs, which a strict Content-Security-Policy refuses.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: { input: [page('index.html'), page('your-own/index.html')] },
  },
});
