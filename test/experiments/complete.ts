import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Result } from '../../experiments/result.ts';
import { writeResult } from '../../experiments/run.ts';
import { setting } from './setting.ts';

/** That a result of the tiny task has all that it should say, in sensible bounds, and is written as it is. */
export async function expectComplete(result: Result, out: string): Promise<void> {
  const { name } = result;
  expect(result).toMatchObject({ name, config: { trainingImages: 1000, testImages: 300, scale: 'tiny' } });
  expect(result.seconds).toBeGreaterThan(0);
  expect(result.rows.length).toBeGreaterThan(0);
  for (const { what, paper, ours, each, deviation, seeds, weightsSha256, unit } of result.rows) {
    expect(what).toMatch(/\w/);
    expect(paper === null || paper > 0).toBe(true);
    expect(each.length === seeds.length || each.length === 1).toBe(true);
    expect(ours).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / each.length, 9);
    expect(deviation).toBeGreaterThanOrEqual(0);
    // The share of a gap can be anything in so small an experiment.
    if (!what.includes('share of the gap'))
      for (const value of each) expect(value >= 0 && value <= (unit === '%' ? 100 : 300)).toBe(true);
    expect(weightsSha256).toHaveLength(seeds.length);
    for (const hash of weightsSha256) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(weightsSha256).size).toBe(seeds.length);
  }
  await writeResult(join(setting.folder, out), result);
  expect(JSON.parse(await readFile(join(setting.folder, out, `${name}.json`), 'utf8'))).toEqual(result);
  const markdown = await readFile(join(setting.folder, out, `${name}.md`), 'utf8');
  for (const hash of result.rows.flatMap((row) => row.weightsSha256)) expect(markdown).toContain(hash);
  expect(existsSync(join(setting.folder, out, `${name}.svg`))).toBe(result.plot !== undefined);
}
