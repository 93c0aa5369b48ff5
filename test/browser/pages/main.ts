import { tasks } from './tasks.ts';

declare global {
  interface Window {
    ready?: true;
    run(name: string, argument: unknown): Promise<unknown>;
  }
}

window.run = async (name, argument) => {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) throw new Error(`No task ${name}; there are: ${Object.keys(tasks).join(', ')}.`);
  return task(argument as never);
};
window.ready = true;
