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

it('a thread that is free takes the next job while another is at a long one', async () => {
  const begun: string[] = [];
  let lastBegan = () => {};
  const last = new Promise<void>((resolve) => {
    lastBegan = resolve;
  });
  const job = (name: string, until: Promise<void> | undefined) => async () => {
    begun.push(name);
    if (name === 'last') lastBegan();
    await until;
    return name;
  };
  // The long one ends only once the last has begun.
  const jobs = [job('long', last), job('a', undefined), job('b', undefined), job('last', undefined)];
  expect(await sideBySide(setting.engine, jobs)).toEqual(['long', 'a', 'b', 'last']);
  expect(begun).toEqual(['long', 'a', 'b', 'last']);
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
