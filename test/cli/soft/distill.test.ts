import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeModel, encodeModel, mlp, type TrainedModel } from 'wasm-distill';
import { decodeNpy, encodeNpy, encodeNpz } from 'wasm-distill/formats';
import type { Report } from '../../../cli/report/report.ts';
import { checkOneOrder } from '../../../cli/training/fit-classes.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let data: string;
let teacher: string;
let logits: Float32Array;
let whole: string;

const ROWS = 120;
const NAMES = ['ash', 'birch', 'cedar'];
/** Three classes around three points; which row has which id is shuffled. */
const label = (i: number) => i % 3;
const x = (i: number) => [label(i) + ((i * 37) % 23) / 30, (label(i) === 1 ? 1 : 0) + ((i * 53) % 29) / 40];
const id = (i: number) => `r${(i * 77) % ROWS}`;

/** Of the 120 rows the fifth for tests is always the same: outputs are of all rows. */
beforeAll(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'trees.csv');
  const lines = Array.from({ length: ROWS }, (_, i) => [id(i), ...x(i), NAMES[label(i)]].join());
  await writeFile(data, `id,x,y,species\n${lines.join('\n')}\n`);
  const out = join(folder, 'teacher');
  const bare = join(folder, 'bare.csv');
  await writeFile(bare, `x,y,species\n${lines.map((line) => line.split(',').slice(1).join()).join('\n')}\n`);
  const made = await cli(
    'train',
    '--data',
    bare,
    '--hidden',
    '8',
    '--epochs',
    '30',
    '--threads',
    '1',
    '--out',
    out,
  );
  expect([made.stderr, made.code]).toEqual([expect.any(String), 0]);
  teacher = join(out, 'model.safetensors');
  // Outputs for all rows, as another program makes them: the test part split off the data is asked too.
  const test = join(folder, 'test.csv');
  await writeFile(test, 'x,y,species\n0,0,ash\n1,1,birch\n2,0,cedar\n');
  const all = join(folder, 'all.npy');
  const asked = await cli(
    'soften',
    teacher,
    '--data',
    bare,
    '--test',
    test,
    '--logits',
    '--threads',
    '1',
    '--out',
    all,
  );
  expect(asked.code).toBe(0);
  logits = decodeNpy(await readFile(all), all).data as Float32Array;
  expect(logits).toHaveLength(3 * ROWS);
  whole = await file('logits.npy', encodeNpy({ shape: [ROWS, 3], data: logits }));
});

const recipe = ['--student', '4', '--epochs', '3', '--threads', '1', '--json'];
let count = 0;

async function distill(...more: string[]): Promise<Report & { said: string }> {
  const out = join(folder, `run-${++count}`);
  const { code, stdout, stderr } = await cli('distill', ...recipe, '--out', out, ...more);
  expect([stderr, code]).toEqual([expect.not.stringContaining('wasm-distill:'), 0]);
  return { ...(JSON.parse(stdout) as Report), said: stderr };
}

async function refusal(...more: string[]): Promise<string> {
  const { code, stderr } = await cli('distill', ...recipe, '--out', join(folder, `run-${++count}`), ...more);
  expect(code).not.toBe(0);
  return stderr;
}

const bare = () => join(folder, 'bare.csv');

async function file(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const rowOf = (i: number) => [...logits.subarray(3 * i, 3 * i + 3)];
const softmax = (row: number[]) => {
  const powers = row.map((z) => Math.exp(z - Math.max(...row)));
  return powers.map((p) => p / powers.reduce((sum, q) => sum + q, 0));
};

describe('outputs made elsewhere', () => {
  test('teach alone to the bits of the teacher that they are of', async () => {
    const given = await distill('--data', bare(), '--teacher', teacher);
    const report = await distill('--data', bare(), '--soft', whole);
    const hash = ({ student }: Report) => student.distilled.weightsSha256;
    expect(hash(report)).toBe(hash(given));
    expect(report.said).toContain(`--soft ${whole}: logits for 120 samples, as they don't add up to 1`);
    // They are there for the test samples, too, and so they are compared as their teacher is.
    expect(report.ensemble!.testErrors).toBe(given.ensemble!.testErrors);
    const { testErrors } = given.teachers[0]!;
    expect(report.teachers).toMatchObject([
      { name: 'teacher 1', layers: 'outputs', testErrors, file: whole },
    ]);
    expect(report.knownTeachers).toEqual([
      { file: whole, part: 'test', samples: 24, errors: testErrors, constantErrors: 16 },
    ]);
    expect(await readFile(join(folder, `run-${count}`, 'report.html'), 'utf8')).not.toMatch(
      /NaN|undefined|Infinity/,
    );
  });

  test('that are of training samples alone have no ensemble', async () => {
    const soft = join(folder, 'training.safetensors');
    expect((await cli('soften', teacher, '--data', bare(), '--threads', '1', '--out', soft)).code).toBe(0);
    const report = await distill('--data', bare(), '--soft', soft);
    expect(report).not.toHaveProperty('ensemble');
    expect(report.teachers).toEqual([]);
    expect(report.examples).toEqual([]);
    expect(report.confusion.map(({ name }) => name)).toEqual(['student, hard labels', 'student, distilled']);
    expect(report.student.distilled).not.toHaveProperty('relativeCost');
    expect(report.knownTeachers).toEqual([
      { file: soft, part: 'training', samples: 96, errors: expect.any(Number), constantErrors: 64 },
    ]);
    const html = await readFile(join(folder, `run-${count}`, 'report.html'), 'utf8');
    expect(html).toContain('outputs that were made elsewhere');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('teach beside others, whose ensemble is compared', async () => {
    const soft = await file('beside.npz', encodeNpz({ logits: { shape: [ROWS, 3], data: logits } }));
    const { teachers, ensemble, said } = await distill(
      ...['--data', bare(), '--soft', soft, '--teacher', teacher],
    );
    expect(teachers.map(({ file }) => file)).toEqual([teacher, soft]);
    expect(ensemble!.testErrors).toBe(teachers[0]!.testErrors);
    expect(said).toMatch(/teacher .*beside.npz: \d+ errors? on 24 test samples/);
  });

  test('by ids in another order, and by names of columns in another order, are the same', async () => {
    const order = Array.from({ length: ROWS }, (_, i) => (i * 49) % ROWS);
    const lines = order.map((i) => [...rowOf(i).reverse(), id(i)].join());
    const soft = await file('ids.csv', `cedar,birch,ash,row\n${lines.join('\n')}\n`);
    const ordered = await distill('--data', bare(), '--soft', whole);
    const found = await distill('--data', data, '--soft', soft, '--soft-id', 'row,id');
    expect(found.student.distilled.weightsSha256).toBe(ordered.student.distilled.weightsSha256);
    expect(found.data!.inputs).toEqual(['x', 'y']);
  });

  test('in a column of lists, by JSON lines, are the same', async () => {
    const lines = Array.from({ length: ROWS }, (_, i) => JSON.stringify({ logits: rowOf(i) }));
    const soft = await file('lists.jsonl', lines.join('\n'));
    const found = await distill('--data', bare(), '--soft', soft);
    const ordered = await distill('--data', bare(), '--soft', whole);
    expect(found.student.distilled.weightsSha256).toBe(ordered.student.distilled.weightsSha256);
  });

  test('that are probabilities are told by their sum, and say how they were made where the file does', async () => {
    const p = Float64Array.from(Array.from({ length: ROWS }, (_, i) => softmax(rowOf(i))).flat());
    const soft = await file('p.npy', encodeNpy({ shape: [ROWS, 3], data: p }));
    const { said } = await distill('--data', bare(), '--soft', soft, '--val', '0.1');
    expect(said).toContain(
      'probabilities at T = 1 for 120 samples, as they add up to 1; --soft-temperature says another T',
    );
    const at = await distill('--data', bare(), '--soft', soft, '--soft-temperature', '4');
    expect(at.said).toContain('probabilities at T = 4 for 120 samples');
    const own = join(folder, 'own.safetensors');
    const softened = await cli('soften', teacher, '--data', bare(), '--temperature', '2', '--out', own);
    expect(softened.code).toBe(0);
    expect((await distill('--data', bare(), '--soft', own)).said).toContain(
      `--soft ${own}: probabilities at T = 2 for 96 samples`,
    );
    expect(await refusal('--data', bare(), '--soft', own, '--limit', '50')).toMatch(
      /own.safetensors: it was made for other samples, or for another order of them/,
    );
  });

  test.each([['--logits'], ['--temperature', '2']])(
    'that soften wrote as Parquet teach (%s)',
    async (...asked) => {
      const [one, other] = [
        join(folder, `${asked.length}.parquet`),
        join(folder, `${asked.length}.safetensors`),
      ];
      for (const out of [one, other])
        expect(
          (await cli('soften', teacher, '--data', bare(), '--threads', '1', ...asked, '--out', out)).code,
        ).toBe(0);
      const [found, expected] = [
        await distill('--data', bare(), '--soft', one),
        await distill('--data', bare(), '--soft', other),
      ];
      expect(found.student.distilled.weightsSha256).toBe(expected.student.distilled.weightsSha256);
      expect(found.said).toContain(
        `--soft ${one}: ${asked.length === 1 ? 'logits' : 'probabilities at T = 2'} for 96 samples`,
      );
      expect(await refusal('--data', bare(), '--soft', one, '--limit', '50')).toContain(
        'made for other samples',
      );
      expect((await cli('soften', teacher, '--data', bare(), '--out', one)).stderr).toContain(
        'is there already',
      );
    },
  );

  test('are said by --dry-run, with what they know', async () => {
    const { code, stdout, stderr } = await cli(
      ...['distill', '--data', bare(), '--soft', whole, '--dry-run', '--json'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout).knownTeachers[0]).toMatchObject({ part: 'test', samples: 24 });
    expect(stderr).toContain('logits for 120 samples');
  });

  test('that know hardly anything are warned of', async () => {
    const wrong = logits.map((_, i) => logits[i - (i % 3) + ((i + 1) % 3)]!);
    const soft = await file('wrong.npy', encodeNpy({ shape: [ROWS, 3], data: wrong }));
    const { warnings } = await distill('--data', bare(), '--soft', soft);
    expect(warnings.join()).toMatch(
      /the teacher .*wrong.npy makes \d+ errors on 24 test samples, hardly fewer/,
    );
  });

  test('are refused where they don’t fit', async () => {
    const short = await file('short.npy', encodeNpy({ shape: [100, 3], data: logits.slice(0, 300) }));
    expect(await refusal('--data', bare(), '--soft', short)).toMatch(
      /short.npy: it has 100 rows, but the data have 120 training rows \(96 of them to learn from\)/,
    );
    const wide = await file('wide.npy', encodeNpy({ shape: [ROWS, 2], data: logits.slice(0, 240) }));
    expect(await refusal('--data', bare(), '--soft', wide)).toMatch(
      /it has outputs for 2 classes, but the data have 3: --teacher-classes names its classes/,
    );
    expect(await refusal('--data', bare(), '--soft', whole, '--soft-id', 'id')).toMatch(/--soft-id: .*id/);
    expect(await refusal('--data', bare(), '--soft', whole, '--transfer', join(folder, 'test.csv'))).toMatch(
      /outputs for 97 of the 99 samples that the student learns from/,
    );
    expect(await refusal('--data', bare(), '--soft', whole, '--soft-kind', 'probabilities')).toMatch(
      /row 0 has .*: give kind|no probability/,
    );
    expect(await refusal('--data', bare(), '--soft', join(folder, 'soft.txt'))).toMatch(
      /files of outputs end with/,
    );
  });
});

describe('classes of teachers', () => {
  test('are found by names, some unknown to them', async () => {
    const two = Float32Array.from({ length: 2 * ROWS }, (_, i) => logits[3 * (i >> 1) + (i & 1 ? 0 : 2)]!);
    const soft = await file('two.npy', encodeNpy({ shape: [ROWS, 2], data: two }));
    const { said } = await distill('--data', bare(), '--soft', soft, '--teacher-classes', 'cedar,ash');
    expect(said).toContain("its classes are found among the data’s by their names; it doesn't know birch");
    const numbers = await distill('--data', bare(), '--soft', soft, '--teacher-classes', '2,0');
    expect(numbers.said).toContain("it doesn't know birch");
  });

  test('that the data don’t have are dropped where that is asked for', async () => {
    const four = Float32Array.from({ length: 4 * ROWS }, (_, i) =>
      i % 4 === 0 ? 1 : logits[3 * (i >> 2) + (i % 4) - 1]!,
    );
    const soft = await file('four.npy', encodeNpy({ shape: [ROWS, 4], data: four }));
    const names = ['--teacher-classes', 'fir,ash,birch,cedar'];
    expect(await refusal('--data', bare(), '--soft', soft, ...names)).toMatch(
      /1 classes? that the data don't have, such as "fir": --drop-classes leaves them out/,
    );
    const { said } = await distill('--data', bare(), '--soft', soft, ...names, '--drop-classes');
    expect(said).toContain('fir left out');
  });

  test('of own models in another order are found by name', async () => {
    const turned = await file(
      'turned.csv',
      `x,y,species\n${Array.from({ length: 60 }, (_, i) => [...x(i), NAMES[label(i)] === 'ash' ? 'zelkova' : NAMES[label(i)]].join()).join('\n')}\n`,
    );
    const out = join(folder, 'turned');
    await cli('train', '--data', turned, '--hidden', '4', '--epochs', '5', '--threads', '1', '--out', out);
    const other = join(folder, 'more.csv');
    const rows = Array.from({ length: 60 }, (_, i) =>
      [...x(i), ['alder', 'birch', 'cedar', 'zelkova'][i % 4]].join(),
    );
    await writeFile(other, `x,y,species\n${rows.join('\n')}\n`);
    const { said, teachers } = await distill('--data', other, '--teacher', join(out, 'model.safetensors'));
    expect(said).toContain("it doesn't know alder, whose probability is 0");
    expect(teachers[0]!.testErrors).toBeGreaterThan(0);
  });

  test('of several models in several orders are one order', async () => {
    // The same trees, of which the labels are said in another order: by the names' order in the file, or by the data's.
    const renamed = await file(
      'renamed.csv',
      `x,y,species\n${Array.from({ length: ROWS }, (_, i) => [...x(i), `${2 - label(i)}`].join()).join('\n')}\n`,
    );
    const out = join(folder, 'renamed');
    const made = await cli(
      ...['train', '--data', renamed, '--hidden', '8', '--epochs', '30', '--threads', '1', '--out', out],
    );
    expect(made.code).toBe(0);
    const { model, metadata } = decodeModel(await readFile(join(out, 'model.safetensors')), 'renamed');
    const classNames = ['cedar', 'birch', 'ash'];
    const table = JSON.stringify({ ...JSON.parse(metadata.table!), classNames });
    const other = await file(
      'other.safetensors',
      encodeModel({ ...model, classNames }, { ...metadata, table }),
    );
    const unlabeled = await file(
      'unlabeled.csv',
      `x,y\n${Array.from({ length: 40 }, (_, i) => x(i).join()).join('\n')}\n`,
    );
    const soften = async (name: string, models: string[]) => {
      const path = join(folder, name);
      const { code, stderr } = await cli(
        'soften',
        ...models,
        '--data',
        unlabeled,
        '--label',
        'none',
        '--threads',
        '1',
        '--out',
        path,
      );
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      const rows = decodeNpy(await readFile(path), path).data as Float32Array;
      return { rows, stderr };
    };
    const [one, two] = [
      await soften('first-order.npy', [teacher]),
      await soften('second-order.npy', [other]),
    ];
    const both = await soften('both-orders.npy', [teacher, other]);
    expect(both.stderr).toContain('other.safetensors: its classes are found among the data’s by their names');
    both.rows.forEach((p, i) => {
      expect(p).toBeCloseTo((one.rows[i]! + two.rows[i - (i % 3) + 2 - (i % 3)]!) / 2, 6);
    });
    const counted = async (...models: string[]) =>
      JSON.parse((await cli('evaluate', ...models, '--data', bare(), '--json', '--threads', '1')).stdout)
        .models;
    const [alone] = await counted(other);
    expect((await counted(teacher, other))[1].testErrors).toBe(alone.testErrors);
    const small = join(folder, 'other-int8.safetensors');
    expect((await cli('quantize', other, '--data', bare(), '--out', small)).code).toBe(0);
    expect((await cli('evaluate', teacher, small, '--data', bare())).stderr).toMatch(
      /other-int8.safetensors: its classes are others than those of the data, or in another order/,
    );
  });

  test('in two orders, of data that name none, are refused', async () => {
    const unnamed: TrainedModel = { architecture: mlp([2, 2]), weights: new Map() };
    const classes = { names: ['a', 'b'], turned: ['b', 'a'] };
    const teachers = Object.entries(classes).map(([name, classNames]) => ({
      ...{ file: name, model: { ...unnamed, classNames } },
    }));
    expect(() => checkOneOrder(teachers)).toThrow(
      /^turned: its classes are others than those of names, or in another order/,
    );
    checkOneOrder([teachers[0]!, { file: 'c', model: unnamed }, teachers[0]!]);
  });
});
