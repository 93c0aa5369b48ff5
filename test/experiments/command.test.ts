import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PAPERS } from '../../experiments/papers.ts';
import type { Result } from '../../experiments/result.ts';
import { bundleExperiments } from '../../scripts/bundle.mjs';
import { type Ended, type Running, startProgram } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const start = (...args: string[]): Running => startProgram('build/experiments/main.js', args);
const reproduce = (...args: string[]): Promise<Ended> => start(...args).ended;

describe('the command', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await bundleExperiments();
  });

  it('has help with examples', async () => {
    const { code, stdout, stderr } = await reproduce('--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: npm run reproduce -- [options] [names...]');
    expect(stdout).toMatch(/\nExamples:\n {2}npm run reproduce .*\n {2}npm run reproduce -- /);
  });

  it('lists the experiments of each paper', async () => {
    const { code, stdout } = await reproduce();
    expect(code).toBe(0);
    const parts = stdout.split('\n\n');
    for (const [i, { name, title, full }] of PAPERS.entries()) {
      expect(parts[i]).toMatch(new RegExp(`^${name}: `));
      expect(parts[i]).toContain(title);
      for (const experiment of full.experiments)
        expect(parts[i]).toMatch(new RegExp(`^${experiment.name} +\\d+ (min|h) +\\w`, 'm'));
    }
    const listed = JSON.parse((await reproduce('--json')).stdout) as { name: string; paper: string }[];
    expect(listed.map(({ name, paper }) => [paper, name])).toEqual(
      PAPERS.flatMap((paper) => paper.full.experiments.map(({ name }) => [paper.name, name])),
    );
  });

  it('suggests a name for one that it does not know', async () => {
    const { code, stderr } = await reproduce('mnist-sotf');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'reproduce: there is no experiment "mnist-sotf", but there is mnist-soft; see npm run reproduce -- --help\n',
    );
  });

  it('keeps others out of its folder, stops on Ctrl-C, goes on by itself, and prints JSON alone', async () => {
    const args = ['mnist-hard', '--quick', '--json', '--out', join(folder, 'command')];
    const running = start(...args);
    await running.said('seed 1: epoch 2/');
    const refused = await reproduce(...args);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^reproduce: \S+command is in use by process \d+ on \S+: wait until it ends, or give another --out\n$/,
    );
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect([code, stdout]).toEqual([130, '']);
    expect(stderr).toMatch(/\nstopped; the same command continues\n$/);
    const ended = await reproduce(...args);
    expect(ended.code).toBe(0);
    const result = JSON.parse(ended.stdout) as Result;
    expect(Object.keys(result)).toEqual(expect.arrayContaining(['name', 'rows', 'config', 'seconds']));
    expect(result.rows[0]).toMatchObject({ paper: 146, seeds: [1, 2] });
    expect(existsSync(join(folder, 'command', 'quick', 'mnist-hard.json'))).toBe(true);
    const joined = join(folder, 'joined');
    const collected = await reproduce('--quick', '--collect', joined, '--out', join(folder, 'command'));
    expect(collected.code).toBe(0);
    expect(collected.stderr).toContain("mnist-soft hasn't been run");
    expect(collected.stderr).toContain("survey-recipe hasn't been run");
    // A paper none of whose experiments was run keeps what it has.
    expect(readdirSync(joined)).toEqual(['hinton-2015']);
    expect(JSON.parse(readFileSync(join(joined, 'hinton-2015', 'results.json'), 'utf8'))).toEqual([result]);
  }, 180_000);
});
