import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { perceptron } from '../../support/onnx-graphs.ts';
import { perceptronTable } from '../../support/onnx-table.ts';

const names = ['cat', 'dog', 'frog'];
const folder = await temporaryFolder();
const [teacher, nameless, table] = ['teacher.onnx', 'nameless.onnx', 'rows.csv'].map((file) =>
  join(folder, file),
) as [string, string, string];

beforeAll(async () => {
  await writeFile(teacher, perceptron({ metadata: { names: JSON.stringify(names) } }));
  await writeFile(nameless, perceptron({ last: 'Softmax' }));
  await writeFile(table, perceptronTable(400, names));
});

describe('info', () => {
  test('says what is in an ONNX model, and what can be a hint', async () => {
    const { stdout, code } = await cli('info', teacher, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ kind: 'ONNX model', producer: 'tests', irVersion: 8, parameters: 67, batch: 'any' },
      input: { x: 'f32 n × 4' },
      output: { y: 'f32 n × 3, logits' },
      classNames: names,
      operators: 'Gemm × 2, Identity, Relu',
      asNetwork: '4 nobn dense8 dense3',
      hiddenTensors: 3,
      hidden: { h: 'Gemm, n × 8', r: 'Relu, n × 8', z: 'Gemm, n × 3' },
    });
    expect((await cli('info', teacher)).stdout).toMatch(/hidden r +Relu, n × 8/);
  });

  test('refuses what is none, in a sentence', async () => {
    const wrong = join(folder, 'wrong.onnx');
    await writeFile(wrong, 'not a model');
    const { code, stderr } = await cli('info', wrong);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wasm-distill: .*wrong\.onnx/);
  });
});

test('evaluate finds classes by their names, predict says them', { timeout: 180_000 }, async () => {
  const turned = join(folder, 'turned.onnx');
  await writeFile(turned, perceptron({ metadata: { names: JSON.stringify(['dog', 'cat', 'frog']) } }));
  const evaluated = await cli('evaluate', turned, '--data', table, '--json');
  expect(evaluated.stderr).toContain('its classes are found among the data’s by their names');
  const { confusion, testErrors } = JSON.parse(evaluated.stdout).models[0];
  // What it calls dog are the cats, and the other way about.
  expect([confusion[0][0], confusion[1][1]]).toEqual([0, 0]);
  expect(testErrors).toBe(confusion[0][1] + confusion[1][0]);

  const args = [table, '--input', '0,1,2,3', '--limit', '5'] as const;
  const [own, other] = [await cli('predict', teacher, ...args), await cli('predict', turned, ...args)];
  expect(own.code).toBe(0);
  const words = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[1]!);
  expect(words(own.stdout)).toHaveLength(5);
  const swapped: Record<string, string> = { cat: 'dog', dog: 'cat', frog: 'frog' };
  expect(words(other.stdout)).toEqual(words(own.stdout).map((word) => swapped[word]));
});

describe('evaluate', { timeout: 180_000 }, () => {
  test('counts the errors of ONNX models, and says what was understood', async () => {
    const { stdout, stderr, code } = await cli('evaluate', teacher, nameless, '--data', table, '--json');
    expect(stderr).toContain(
      `${teacher}: takes 4, values as they are; logits of 3 classes from output y; any number of samples at once; onnxruntime-web 1.30.0`,
    );
    expect(stderr).toContain('probabilities of 3 classes from output y');
    expect(code).toBe(0);
    const { models, ensemble, testSize } = JSON.parse(stdout);
    expect(testSize).toBe(80);
    expect(models).toMatchObject([
      { file: teacher, layers: 'ONNX graph', testErrors: 0, parameters: 67, relativeCost: 0.5 },
      { file: nameless, layers: 'ONNX graph', testErrors: 0 },
    ]);
    expect(ensemble).toMatchObject({ testErrors: 0, parameters: 134 });
  });

  test('takes its input as it is told, and refuses what means nothing', async () => {
    const args = ['evaluate', teacher, '--data', table];
    const scaled = await cli(...args, '--teacher-mean', '1,2,-1,0.5', '--teacher-std', '4', '--json');
    expect(scaled.stderr).toContain('(values − [1, 2, -1, 0.5]) / [4]');
    expect(JSON.parse(scaled.stdout).models[0].testErrors).toBeGreaterThan(0);
    const output = await cli(...args, '--teacher-output', 'q');
    expect(output).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no output "q": there are y'),
    });
    const kind = await cli(...args, '--teacher-kind', 'labels');
    expect(kind).toMatchObject({ code: 2, stderr: expect.stringContaining('logits or probabilities') });
  });
});

describe('distill', { timeout: 180_000 }, () => {
  const run = (out: string, ...args: string[]) =>
    cli('distill', '--data', table, '--student', '8', '--epochs', '2', '--out', join(folder, out), ...args);

  test('learns from ONNX models beside networks, and reports them', async () => {
    const networks = ['--teacher', '6', '--teacher-epochs', '1'];
    const { stdout, stderr, code } = await run('mixed', '--teacher', teacher, ...networks, '--json');
    expect(stderr).toContain('logits of 3 classes from output y');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.teachers).toMatchObject([
      { layers: 'ONNX graph', parameters: 67, testErrors: 0, file: teacher },
      { layers: [4, 6, 3] },
    ]);
    expect(report.knownTeachers).toMatchObject([{ file: teacher, errors: 0 }]);
    expect(report.ensemble.parameters).toBe(67 + 4 * 6 + 6 + 6 * 3 + 3);
    // 32 + 24 multiply-adds of the graph, and 24 + 18 of the network.
    expect(report.teachers[0].relativeCost).toBeCloseTo(56 / 98);
    const again = await run('mixed', '--teacher', teacher, ...networks, '--resume', '--json');
    expect(JSON.parse(again.stdout).student).toEqual(report.student);
  });

  test('warns of one near chance before it trains, and says it in the report', async () => {
    const upset = ['--teacher', nameless, '--teacher-classes', 'dog,frog,cat'];
    const dry = await run('dry', ...upset, '--dry-run', '--json');
    expect(dry.stderr).toMatch(
      /warning: the teacher .*nameless\.onnx makes [0-9]+ errors on 80 test samples, hardly fewer/,
    );
    expect(JSON.parse(dry.stdout)).toMatchObject({
      knownTeachers: [{ file: nameless, samples: 80 }],
      warnings: [expect.stringContaining('hardly fewer')],
    });
  });

  test('finds classes by their names, whatever their order', async () => {
    const other = join(folder, 'other.csv');
    await writeFile(other, perceptronTable(200, ['zebra', 'ant', 'cat']));
    const named = join(folder, 'named.onnx');
    await writeFile(named, perceptron({ metadata: { names: '["zebra", "ant", "cat"]' } }));
    const { stdout, stderr } = await cli(
      'distill',
      '--data',
      other,
      '--teacher',
      named,
      '--dry-run',
      '--json',
    );
    expect(stderr).toContain('its classes are found among the data’s by their names');
    expect(JSON.parse(stdout).knownTeachers).toMatchObject([{ errors: 0 }]);
  });

  test('refuses options for ONNX models where there is none', async () => {
    const { code, stderr } = await run('none', '--teacher', '8', '--teacher-mean', '1');
    expect(code).toBe(2);
    expect(stderr).toContain('--teacher-mean says how an ONNX model is understood, and none is given');
  });
});

test('soften writes what ONNX models say', async () => {
  const out = join(folder, 'soft.safetensors');
  const { stdout, code } = await cli('soften', teacher, '--data', table, '--out', out, '--json');
  expect(code).toBe(0);
  const { samples, classes, teachers } = JSON.parse(stdout);
  expect({ samples, classes }).toEqual({ samples: 320, classes: 3 });
  expect(teachers).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});
