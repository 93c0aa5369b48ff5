import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decodeModel, encodeModel } from 'wasm-distill';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { encodePng } from '../../support/png.ts';

let folder: string;

const at = (name: string) => join(folder, name);

const SMALL = ['--epochs', '3', '--teacher-epochs', '2', '--teachers', '2', '--threads', '1'];

beforeAll(async () => {
  folder = await temporaryFolder();
  const rows = Array.from(
    { length: 60 },
    (_, i) => `${1000 + (i % 3) * 50 + i / 60},${i % 7},${'abc'[i % 3]}-kind`,
  );
  await writeFile(at('rows.csv'), `size,noise,class\n${rows.join('\n')}\n`);
  await writeFile(at('new.csv'), 'size,noise\n1000.5,3\n1100.5,3\n');
  await writeFile(at('turned.csv'), 'noise,more,size,class\n3,x,1000.5,d-kind\n3,x,1100.5,\n');
  for (const [name, color, count] of [
    ['red', [220, 20, 20], 24],
    ['blue', [20, 20, 220], 6],
  ] as const) {
    await mkdir(at(`colors/${name}`), { recursive: true });
    for (let i = 0; i < count; i++) {
      const pixels = Array.from({ length: 256 }, (_, p) => color.map((c) => c + ((7 * i + p) % 20))).flat();
      await writeFile(at(`colors/${name}/${i}.png`), encodePng(16, 16, pixels));
    }
  }
});

test('--dry-run only says what it understood', async () => {
  const text = await cli('distill', '--data', at('rows.csv'), '--dry-run', '--out', at('dry'));
  expect([text.code, text.stdout]).toEqual([0, '']);
  expect(text.stderr).toMatch(
    /^data: table .*rows\.csv\nsamples: 48 to learn from, 12 to test on; rows of 2 numbers/,
  );
  const { code, stdout } = await cli('train', '--data', at('rows.csv'), '--dry-run', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).data).toMatchObject({ classNames: ['a-kind', 'b-kind', 'c-kind'] });
  expect(await readdir(folder)).not.toContain('dry');
});

test('a table is distilled, its numbers standardized in the model, its classes named', async () => {
  const out = at('table');
  const ended = await cli('distill', '--data', at('rows.csv'), ...SMALL, '--out', out, '--json');
  expect(ended.stderr).toContain('label "class"');
  const report = JSON.parse(ended.stdout);
  expect(report.data).toMatchObject({ samples: { train: 48, test: 12 }, label: 'class' });
  expect(report.student.distilled.layers).toEqual([2, 100, 100, 3]);
  expect(report.examples[0].row).toHaveLength(2);
  const { importance } = report.comparison;
  expect(importance).toMatchObject({
    rows: 12,
    shuffles: 3,
    features: [{ name: 'size' }, { name: 'noise' }],
  });
  // The class follows from the size alone.
  expect(importance.features[0].distilled).toBeGreaterThan(importance.features[1].distilled);
  const file = join(out, 'student.safetensors');
  const { model } = decodeModel(await readFile(file), file);
  expect(model.classNames).toEqual(['a-kind', 'b-kind', 'c-kind']);
  const [mean] = model.architecture.input.normalization!.mean as number[];
  expect(mean).toBeGreaterThan(1040);
  const page = await readFile(join(out, 'report.html'), 'utf8');
  expect(page).toContain('Which columns matter');
  expect(page).toContain('b-kind');
  expect(page).toContain('test rows');
  const predicted = await cli('predict', file, at('new.csv'));
  expect(predicted.stdout).toMatch(/^0\t[abc]-kind\t[01]\.\d{4}\n1\t[abc]-kind\t[01]\.\d{4}\n$/);
  const turned = await cli('predict', file, at('turned.csv'));
  expect(turned.stdout).toBe(predicted.stdout);
  const evaluated = await cli('evaluate', file, '--data', at('rows.csv'), '--json');
  expect(JSON.parse(evaluated.stdout)).toMatchObject({
    testSize: 12,
    data: { samples: { train: 48, test: 12 } },
    models: [{ testErrors: report.student.distilled.testErrors }],
  });
  const all = await cli('evaluate', file, '--test', at('rows.csv'), '--json');
  expect(JSON.parse(all.stdout)).toMatchObject({ testSize: 60, data: { samples: { test: 60 } } });
  const soft = await cli(
    'soften',
    file,
    '--data',
    at('new.csv'),
    '--label',
    'none',
    '--out',
    at('soft.st'),
    '--json',
  );
  expect(JSON.parse(soft.stdout)).toMatchObject({ samples: 2, classes: 3 });
});

test('color images are distilled: pictures in the report, balanced accuracy beside the errors', async () => {
  const out = at('colored');
  const ended = await cli('distill', '--data', at('colors'), ...SMALL, '--out', out);
  expect(ended.code).toBe(0);
  expect(ended.stdout).toMatch(/^model +parameters +test errors +error +balanced accuracy +forward cost\n/);
  const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8'));
  expect(report.data).toMatchObject({ imbalanced: true, shape: [16, 16, 3] });
  const { ensemble, student, confusion } = report;
  for (const [i, { balancedAccuracy }] of [ensemble, student.hard, student.distilled].entries()) {
    const shares = confusion[i].matrix.map(
      (row: number[], label: number) => row[label]! / (row[0]! + row[1]!),
    );
    expect(balancedAccuracy).toBeCloseTo((shares[0] + shares[1]) / 2);
  }
  expect(report.examples[0].image).toMatchObject({ height: 16, width: 16, channels: 3 });
  const page = await readFile(join(out, 'report.html'), 'utf8');
  const examples = page.slice(page.indexOf('id="targets"'));
  const bmp = Buffer.from(/data:image\/bmp;base64,([^"]*)"/.exec(examples)![1]!, 'base64');
  expect(bmp.readUInt16LE(28)).toBe(24);
  // The first example is blue; BMP has blue first.
  expect(bmp[54]!).toBeGreaterThan(200);
  expect(bmp[56]!).toBeLessThan(60);
  const file = join(out, 'student.safetensors');
  const { stdout } = await cli('predict', file, at('colors/red/3.png'), '--json');
  expect(JSON.parse(stdout)[0].name).toBe(['blue', 'red'][JSON.parse(stdout)[0].label]);
});

test('teachers given as files say what they know before anything trains', async () => {
  const good = at('table/student.safetensors');
  const dry = ['distill', '--data', at('rows.csv'), '--dry-run', '--teacher', good, '--teacher', '8'];
  const { stdout, stderr } = await cli(...dry, '--json');
  const { knownTeachers, warnings } = JSON.parse(stdout);
  const counted = await cli('evaluate', good, '--data', at('rows.csv'), '--json');
  const errors = JSON.parse(counted.stdout).models[0].testErrors;
  expect(knownTeachers).toEqual([{ file: good, part: 'test', samples: 12, errors, constantErrors: 8 }]);
  expect(stderr).toContain(`teacher ${good}: ${errors} error`);
  expect(warnings).toEqual(errors < 7.2 ? [] : [expect.stringContaining('hardly fewer')]);
  const validated = await cli(...dry, '--val', '0.25', '--json');
  expect(JSON.parse(validated.stdout).knownTeachers).toMatchObject([{ part: 'validation', samples: 12 }]);
});

test('a teacher that knows nothing is warned of, and the report has it', async () => {
  const { model } = decodeModel(await readFile(at('table/student.safetensors')), 'student');
  const weights = new Map([...model.weights].map(([name, values]) => [name, values.map(() => 0)]));
  await writeFile(at('zero.safetensors'), encodeModel({ ...model, weights }));
  const words = [
    '--data',
    at('rows.csv'),
    '--teacher',
    at('zero.safetensors'),
    '--epochs',
    '1',
    '--threads',
    '1',
  ];
  const ended = await cli('distill', ...words, '--out', at('zero'), '--json');
  const report = JSON.parse(ended.stdout);
  expect(report.knownTeachers).toMatchObject([{ samples: 12, errors: 8, constantErrors: 8 }]);
  expect(report.warnings[0]).toMatch(/zero\.safetensors makes 8 errors on 12 test samples, hardly fewer/);
  const [told, trained] = ['warning: the teacher', 'student, hard labels'].map((text) =>
    ended.stderr.indexOf(text),
  );
  expect(told).toBeGreaterThan(0);
  expect(told).toBeLessThan(trained!);
});
