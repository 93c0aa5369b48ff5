import type { Engine } from '../backends/backend.js';
import { checkEngine, checkList } from '../checks.js';

/**
 * Runs independent jobs on an engine: as many side by side as there are threads, one thread each, for as long as that
 * keeps all threads busy; the rest run one after another on all threads. The first failure is thrown once the jobs
 * running beside it have ended.
 */
export async function sideBySide<T>(
  engine: Engine,
  jobs: readonly ((engine: Engine) => Promise<T>)[],
): Promise<T[]> {
  checkEngine(engine);
  checkList(jobs, 'jobs', 'functions of an engine', (job) => typeof job === 'function');
  const teams = engine.divide(engine.threads);
  const together = jobs.length - (jobs.length % teams.length);
  const results: T[] = [];
  const failures: unknown[] = [];
  let next = 0;
  /** A thread that is free takes the next job, whatever the others are at. */
  const work = async (team: Engine) => {
    while (next < together && failures.length === 0) {
      const i = next++;
      try {
        results[i] = await jobs[i]!(team);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(teams.map(work));
  if (failures.length > 0) throw failures[0];
  for (const job of jobs.slice(together)) results.push(await job(engine));
  return results;
}
