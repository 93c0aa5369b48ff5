/** Named, resumable trainings that are kept under the hash of all that they follow from. */
export * from '../jobs/index.js';
