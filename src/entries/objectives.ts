/** What a student can learn from, and what teachers provide. */
export * from '../objectives/index.js';
export {
  featuresOf,
  hiddenOf,
  type SelectionOptions,
  selectFeatures,
} from '../teachers/feature-selection.js';
export { logitsOf } from '../teachers/logits.js';
export { type Alignment, checkAligned } from '../teachers/soft-targets.js';
