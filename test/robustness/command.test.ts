import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { QUICK } from '../../robustness/grid.ts';
import type { resultOf } from '../../robustness/report.ts';
import { bundleRobustness } from '../../scripts/bundle.mjs';
import { type Ended, type Running, startProgram } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const start = (...args: string[]): Running => startProgram('build/robustness/main.js', args);
const robustness = (...args: string[]): Promise<Ended> => start(...args).ended;

describe('the command', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await bundleRobustness();
    await makeDigits(folder);
  });

  it('has help', async () => {
    const { code, stdout } = await robustness('--help');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: npm run robustness -- [options]')]);
  });

  it('says what it has no cell for', async () => {
    const { code, stderr } = await robustness('--quick', '--only', 'mnist 700');
    expect([code, stderr]).toEqual([
      2,
      'robustness: no cell\'s line has the text "mnist 700"; see npm run robustness -- --help\n',
    ]);
  });

  it('distills without a dead network, keeps what is finished, and writes tables', async () => {
    const out = join(folder, 'out');
    const args = ['--quick', '--data', folder, '--out', out, '--threads', '2'];
    const running = start(...args);
    await running.said(' 3 of ');
    running.kill('SIGINT');
    const stopped = await running.ended;
    expect([stopped.code, stopped.stdout]).toEqual([130, '']);
    expect(stopped.stderr).toMatch(/\nstopped; the same command continues\n$/);

    // As a process leaves it that is killed while it writes.
    const journal = join(out, 'journal.jsonl');
    const kept = await readFile(journal, 'utf8');
    await writeFile(journal, `${kept}{"key":"12`);
    const document = join(folder, 'robustness.md');
    const { code, stdout, stderr } = await robustness(...args, '--json', '--write', document);
    expect(code).toBe(0);
    const total = 16; // 12 students, 2 on labels, 2 teachers
    expect((await readFile(journal, 'utf8')).startsWith(kept)).toBe(true);
    expect(stderr).toContain(`${total - kept.trim().split('\n').length} trainings: `);

    const { summaries, cells } = JSON.parse(stdout) as ReturnType<typeof resultOf>;
    expect(cells.map(({ cell }) => cell)).toEqual(QUICK);
    expect(summaries[0]).toMatchObject({
      name: 'all but held out',
      cells: 12,
      dead: 0,
      collapsed: 0,
      worse: 0,
    });
    expect(summaries[0]!.ratio).toBeLessThan(0.9);
    for (const { teacher, labels } of cells) expect(teacher.errors).toBeLessThan(labels.errors);

    const again = await robustness(...args);
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect(await readFile(document, 'utf8')).toContain(again.stdout);
  }, 180_000);

  it('leaves out cells whose data are not there', async () => {
    // Beside the folder in which this runs there are no shared data.
    const script = join(import.meta.dirname, '../../build/robustness/main.js');
    const args = [script, '--only', 'cifar10 1800', '--out', join(folder, 'without')];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: join(folder, 'usr'),
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^\d+ cells are left out, as cifar10 isn't there: name the folder that has /);
    expect(stderr).toMatch(
      /\nrobustness: no data set of these cells is there: see above how to come by them\n$/,
    );
  });

  it('shows what is finished, of all cells', async () => {
    const { code, stdout, stderr } = await robustness('--finished', '--out', join(folder, 'out'));
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      `robustness: ${join(folder, 'out')} has no finished cell of these\n`,
    ]);
    const quick = await robustness('--quick', '--finished', '--out', join(folder, 'out'), '--only', 'mnist');
    expect([quick.code, quick.stdout]).toEqual([0, expect.stringMatching(/^6 of 6 cells measured\.\n/)]);
  });

  it('finds cells by a part of their line', async () => {
    const out = join(folder, 'out');
    const { code, stdout } = await robustness('--quick', '--data', folder, '--out', out, '--only', 'T 20');
    expect(code).toBe(0);
    expect(stdout.match(/^\| 600 /gm)).toHaveLength(2);
  });
});

/**
 * A file like scikit-learn's digits.csv.gz, where Debian's package has it below the root: ten shapes of 8 × 8 pixels in
 * 17 shades, moved by up to a pixel, with noise. So the test is the same with and without the package.
 */
async function makeDigits(root: string): Promise<void> {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const move = () => Math.floor(3 * random()) - 1;
  const rows = Array.from({ length: 1797 }, (_, i) => {
    const [down, right] = [move(), move()];
    const pixels = Array.from({ length: 64 }, (_, at) => {
      const lit = isLit(3 * ((i % 10) + 1), Math.floor(at / 8) - down, (at % 8) - right);
      return (lit ? 7 : 0) + 14 * random() - 4;
    });
    return [...pixels.map((value) => Math.min(16, Math.max(0, Math.round(value)))), i % 10].join();
  });
  const path = join(root, 'usr/lib/python3/dist-packages/sklearn/datasets/data');
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'digits.csv.gz'), gzipSync(`${rows.join('\n')}\n`));
}

/** A shape's bars, by its bits: three that lie, two that stand. */
function isLit(shape: number, y: number, x: number): boolean {
  const inside = y > 0 && y < 7 && x > 0 && x < 7;
  const bars = [y === 1, y === 4, y === 6, x === 2, x === 5];
  return inside && bars.some((on, bit) => on && (shape & (1 << bit)) !== 0);
}
