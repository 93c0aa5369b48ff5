import { expect, it } from 'vitest';
import type { Engine } from 'wasm-distill';
import { sideBySide } from 'wasm-distill/jobs';
import { setting } from './jobs.ts';

it('jobs run one a thread while that keeps all threads busy, the rest on all, and answer in order', async () => {
  const job = (name: string) => async (engine: Engine) => `${name} on ${engine.threads}`;
  expect(await sideBySide(setting.engine, ['a', 'b', 'c', 'd', 'e'].map(job))).toEqual([
    'a on 1',
    'b on 1',
    'c on 1',
    'd on 1',
    'e on 2',
  ]);
});

it('the first failure is thrown once the jobs beside it have ended, and no others begin', async () => {
  const done: string[] = [];
  const jobs = [
    async () => {
      throw new Error('first');
    },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.push('beside');
    },
    async () => void done.push('after'),
  ];
  await expect(sideBySide(setting.engine, jobs)).rejects.toThrow('first');
  expect(done).toEqual(['beside']);
});
