/** Named, resumable trainings, stored under the hash of everything that determines them. */
export * from '../jobs/index.js';
