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

describe('evaluate', () => {
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
