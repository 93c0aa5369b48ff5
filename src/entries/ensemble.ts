/** Specialists, clusters, combination and bias adjustment: Hinton, Vinyals, Dean 2015, sections 3 and 5. */
export { type Agreement, agreement, type Disputed } from '../ensemble/agreement.js';
export { adjustBias } from '../ensemble/bias-adjustment.js';
export { type BornAgainOptions, bornAgain } from '../ensemble/born-again.js';
export { classClusters } from '../ensemble/clusters.js';
export { type CombineOptions, combine, type Opinion } from '../ensemble/combine.js';
export { predictWithSpecialists, type SpecialistsOptions } from '../ensemble/predict-with-specialists.js';
export {
  type EarlyStopping,
  type Specialist,
  type SpecialistOptions,
  trainSoftSpecialist,
  trainSpecialist,
} from '../ensemble/specialists.js';
export { earlyStopped } from '../train/early-stopping.js';
