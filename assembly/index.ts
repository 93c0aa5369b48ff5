export { run } from './interpreter';

/** The end of static data: a test holds it below Limit.arena. */
export function staticEnd(): usize {
  return __heap_base;
}
