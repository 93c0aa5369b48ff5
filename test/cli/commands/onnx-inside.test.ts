import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine, makeDataset, parseShorthand, train } from 'wasm-distill';
import { describeOnnx, exportOnnx, readOnnx } from 'wasm-distill/formats';
import type { Report } from '../../../cli/report/report.ts';
import { cli, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let shared: string[];
/** Tensors of the teacher: its second map, 10 × 10 × 6, and what its last product takes. */
let map: string;
let row: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSmallMnist(folder, 200, 100);
  const { architecture } = parseShorthand('nobn conv4k5s2v conv6k3v dense12 dense10', {
    input: { shape: [28, 28, 1] },
    classes: 10,
  });
  const values = Uint8Array.from({ length: 20 * 784 }, (_, i) => (i * 37 + (i >> 5)) % 251);
  const labels = Int32Array.from({ length: 20 }, (_, i) => i % 10);
  const data = makeDataset({ inputs: { shape: [28, 28, 1], values }, labels, classes: 10 });
  await using engine = await createEngine({ threads: 1 });
  const bytes = exportOnnx(await train(engine, { architecture, data, epochs: 1, seed: 1 }));
  const teacher = join(folder, 'teacher.onnx');
  await writeFile(teacher, bytes);
  const relus = describeOnnx(readOnnx(bytes, 'teacher'), 'teacher').hidden.filter(({ op }) => op === 'Relu');
  [map, row] = [relus[1]!.name, relus[2]!.name];
  const networks = ['--teacher', teacher, '--student', 'nobn conv3k5s2v conv4k3v dense10'];
  shared = ['distill', '--data', folder, ...networks, '--epochs', '2', '--batch', '40', '--threads', '1'];
});

describe('what is inside of an ONNX teacher', () => {
  test('teaches by a tensor that --taps names, asked for once', { timeout: 120_000 }, async () => {
    const asked = ['--objective', 'at:power=1+sp', '--taps', `${map}:3`, '--json'];
    const { code, stderr, stdout } = await cli(...shared, ...asked, '--out', join(folder, 'maps'));
    expect(stderr).not.toContain('wasm-distill:');
    expect(code).toBe(0);
    expect(stderr).toContain(`inside ${map}, 10 × 10 × 6`);
    expect(stderr).toContain(
      "1 · labels + 1 · attention (the student's layer 3; power 1) + 3000 · similarity (the student's layer 3)\n",
    );
    expect(stderr.match(/hidden units: 200 samples/g)).toHaveLength(1);
    const report = JSON.parse(stdout) as Report;
    expect(report.student.distilled.name).toBe('student, attention+similarity');
    expect(report.inside!.maps!.map(({ of }) => of)).toEqual([{ student: '3' }]);
    expect(report.inside!.relations).toHaveLength(1);
  });

  test('gives hints of a map to a map of another size, and both are drawn', {
    timeout: 120_000,
  }, async () => {
    // 10 × 10 inside the teacher, 12 × 12 of the student.
    const asked = ['--objective', 'fitnets', '--taps', `${map}:1`, '--hint-epochs', '1', '--json'];
    const { code, stdout, stderr } = await cli(...shared, ...asked, '--out', join(folder, 'hints'));
    expect(stderr).not.toContain('wasm-distill:');
    expect(code).toBe(0);
    const [drawn, ...more] = (JSON.parse(stdout) as Report).inside!.maps!;
    expect(more).toEqual([]);
    expect(drawn!.of).toEqual({ student: '1' });
    const [{ maps } = {}] = drawn!.samples;
    const sizes = [maps!.teacher, maps!.distilled, maps!.hard].map(({ height, width }) => [height, width]);
    expect(sizes).toEqual([[10, 10], ...[12, 12].map((side) => [side, side])]);
  });

  const sentences: [string, () => string[], RegExp][] = [
    ['no tensor', () => ['--objective', 'at'], /attention learns from what is inside .* --taps tensor:layer/],
    [
      'a tensor that there isn’t',
      () => ['--objective', 'at', '--taps', 'top:3'],
      /computes no tensor "top" that could be a hint: info lists/,
    ],
    [
      'two tensors',
      () => ['--objective', 'at', '--taps', `${map}:3,${row}:4`],
      /of an ONNX teacher, of which one tensor is kept: name one/,
    ],
    [
      'two layers',
      () => ['--objective', 'at', '--taps', `${map}:1,${map}:3`],
      /--taps must be one pair, tensor:layer, where an ONNX graph teaches attention/,
    ],
    [
      'a layer that there isn’t',
      () => ['--objective', 'sp', '--taps', `${map}:top`],
      /--taps: .*no layer "top"/,
    ],
    [
      'a row in place of a map',
      () => ['--objective', 'at', '--taps', `${row}:3`],
      /--taps: attention transfer takes maps of images/,
    ],
    [
      'maps of other sizes',
      () => ['--objective', 'at', '--taps', `${map}:1`],
      /--taps: maps of 12 × 12 of the student and 10 × 10 of the teacher/,
    ],
    [
      'hints of a map to a row',
      () => ['--objective', 'fitnets', '--taps', `${map}:4`],
      /--taps: a hint of shape \[10,10,6\] can't be regressed from the student's \[10\]: guide a layer/,
    ],
    [
      'what runs in the step',
      () => ['--objective', 'fsp', '--taps', `${map}:3`],
      /fsp looks into its teacher, but .*teacher.onnx is no network of this library/,
    ],
    [
      'a layer of it by name',
      () => ['--objective', 'sp:teacherLayer=3', '--taps', `${map}:3`],
      /names a layer of its teacher, but .*teacher.onnx is no network/,
    ],
  ];
  test.each(sentences)(
    '%s: one sentence before anything trains',
    { timeout: 120_000 },
    async (name, more, sentence) => {
      const { code, stdout, stderr } = await cli(...shared, ...more(), '--out', join(folder, name));
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/epoch \d/);
      expect([1, 2]).toContain(code);
      expect(stdout).toBe('');
    },
  );
});
