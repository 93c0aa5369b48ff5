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
  for (let i = 0; i < together; i += teams.length) {
    const round = await Promise.allSettled(teams.map((team, t) => jobs[i + t]!(team)));
    for (const result of round) {
      if (result.status === 'rejected') throw result.reason;
      results.push(result.value);
    }
  }
  for (const job of jobs.slice(together)) results.push(await job(engine));
  return results;
}
