// Judges the default recipe: builds what robustness/ needs, and starts it. All arguments are passed on.
import { buildLibrary, bundleRobustness } from './bundle.mjs';

buildLibrary();
await bundleRobustness();
await import('../build/robustness/main.js');
