// Runs the papers' experiments: builds what they need, and starts them. All arguments are passed on; nothing
// of its own goes to standard output.
import { buildLibrary, bundleExperiments } from './bundle.mjs';

buildLibrary();
await bundleExperiments();
await import('../build/experiments/main.js');
