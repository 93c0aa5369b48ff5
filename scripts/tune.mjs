// Tunes a recipe: builds what experiments/tune.ts needs, whose first lines say how it is used, and starts it.
import { buildLibrary, bundleExperiments } from './bundle.mjs';

buildLibrary();
await bundleExperiments();
await import('../build/experiments/tune.js');
