import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decodeModel, encodeModel } from 'wasm-distill';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import { preparationIn, withPreparation } from '../../../cli/data/preparation.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { huggingFaceFile } from '../../support/parquet.ts';
import { encodePng } from '../../support/png.ts';

let folder: string;

const at = (...names: string[]) => join(folder, ...names);

/** A picture whose columns rise in brightness, so that cutting and squeezing it differ; with a tint if it has colors. */
function picture(height: number, width: number, tint: readonly number[]): Uint8Array {
  const pixels = Array.from({ length: height * width }, (_, p) =>
    tint.map((c) => Math.round((c * ((p % width) + 1)) / width)),
  );
  return encodePng(height, width, pixels.flat());
}

async function saved(name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(at(name)), { recursive: true });
  await writeFile(at(name), bytes);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  for (let i = 0; i < 8; i++) {
    await saved(`photos/cat/${i}.png`, picture(12 + i, 20 + i, [220 - i, 20, 20]));
    await saved(`photos/dog/${i}.png`, picture(12 + i, 20 + i, [20, 20, 220 - i]));
    await saved(`gray/cat/${i}.png`, picture(9, 9, [30 + i]));
    await saved(`gray/dog/${i}.png`, picture(9, 9, [200 + i]));
  }
  await saved('one/gray.png', picture(14, 11, [90]));
  await saved('one/color.png', picture(14, 11, [200, 100, 50]));
  const shots = [picture(10, 30, [220, 20, 20]), picture(30, 10, [20, 20, 220])];
  await saved('shots.parquet', huggingFaceFile(shots, [0, 1], ['cat', 'dog']));
  for (const [out, ...words] of [
    ['cut', '--data', at('photos'), '--size', '8x10', '--crop'],
    ['squeezed', '--data', at('photos'), '--size', '8x10'],
    ['small', '--data', at('gray')],
  ] as const) {
    const model = ['--model', '4', '--epochs', '2', '--threads', '1', '--jitter', '0'];
    const { code, stderr } = await cli('train', ...words, ...model, '--out', at(out));
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  }
}, 60_000);

const model = (out: string) => at(out, 'model.safetensors');

async function metadataOf(file: string) {
  return decodeSafetensors(await readFile(file), file).metadata;
}

test('a model says how its images were made', async () => {
  expect(JSON.parse((await metadataOf(model('cut'))).images!)).toEqual({ size: [8, 10], crop: true });
  expect(JSON.parse((await metadataOf(model('squeezed'))).images!)).toEqual({ size: [8, 10] });
  expect(JSON.parse((await metadataOf(model('small'))).images!)).toEqual({ size: [9, 9] });
  const quantized = await cli('quantize', model('cut'), '--data', at('photos'), '--json');
  const { after, testSize } = JSON.parse(quantized.stdout);
  expect(testSize).toBe(3);
  expect((await metadataOf(after.file)).images).toBe((await metadataOf(model('cut'))).images);
  const counted = await cli('evaluate', after.file, '--data', at('photos'), '--json');
  expect(JSON.parse(counted.stdout).models[0].testErrors).toBe(after.testErrors);
});

test('predict makes images as the model had them, unless a size is asked for', async () => {
  const photo = at('photos', 'cat', '3.png');
  for (const [out, crop] of [
    ['cut', ['--crop']],
    ['squeezed', []],
  ] as const) {
    const alone = await cli('predict', model(out), photo, '--json');
    expect([alone.code, alone.stderr]).toEqual([0, expect.not.stringContaining('error')]);
    const asked = await cli('predict', model(out), photo, '--json', '--size', '8x10', ...crop);
    expect(JSON.parse(alone.stdout)).toEqual(JSON.parse(asked.stdout));
  }
  const cut = await cli('predict', model('cut'), photo, '--json');
  const squeezed = await cli('predict', model('cut'), photo, '--json', '--size', '8x10');
  expect(JSON.parse(squeezed.stdout)).not.toEqual(JSON.parse(cut.stdout));
  const wrong = await cli('predict', model('cut'), photo, '--size', '7');
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/are 7 × 7 pixels, but the model takes 8 × 10: give --size 8x10/),
  ]);
});

test('gray images become colors for a model of colors, and the other way round', async () => {
  for (const [out, image] of [
    ['squeezed', 'gray.png'],
    ['small', 'color.png'],
  ] as const) {
    const { code, stdout } = await cli('predict', model(out), at('one', image));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^0\t(cat|dog)\t[01]\.\d{4}\n$/)]);
  }
});

test('evaluate and soften read folders and Parquet so, too', async () => {
  for (const words of [
    ['--data', at('photos')],
    ['--test', at('photos')],
    ['--data', at('photos'), '--test', at('shots.parquet')],
    ['--test', at('shots.parquet')],
  ]) {
    const { stdout, stderr } = await cli('evaluate', model('cut'), ...words, '--json');
    expect([words, stdout === '' ? stderr : JSON.parse(stdout).data.shape]).toEqual([words, [8, 10, 3]]);
  }
  const soft = await cli('soften', model('cut'), '--data', at('photos'), '--out', at('s.st'), '--json');
  expect(JSON.parse(soft.stdout)).toMatchObject({ data: { shape: [8, 10, 3] }, classes: 2 });
});

test('a model whose file says nothing of images says which size it takes', async () => {
  const bytes = await readFile(model('squeezed'));
  await writeFile(at('bare.safetensors'), encodeModel(decodeModel(bytes, 'squeezed').model));
  const { code, stderr } = await cli('predict', at('bare.safetensors'), at('one', 'gray.png'));
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/are 14 × 11 pixels, .* takes 8 × 10: give --size 8x10/),
  ]);
});

test('what metadata say of images is checked', async () => {
  const bytes = encodeSafetensors([], {});
  const made = { images: { size: [3, 4], crop: true } } as const;
  const { metadata } = decodeSafetensors(withPreparation(bytes, made), 'x');
  expect(preparationIn(metadata, 'x')).toEqual(made);
  expect(preparationIn({}, 'x')).toEqual({});
  for (const images of [
    '{',
    '{}',
    '{"size":[0,3]}',
    '{"size":[3]}',
    '{"size":["3","3"]}',
    '{"size":[1e9,3]}',
    'null',
  ])
    expect(() => preparationIn({ images }, 'x.safetensors')).toThrow(
      /^x\.safetensors: .* of images can't be read/,
    );
});

test('distill makes images as a teacher that is there had them, and says so', async () => {
  const words = ['distill', '--data', at('photos'), '--teacher', model('cut'), '--student', '4'];
  const dry = await cli(...words, '--dry-run', '--json');
  expect(JSON.parse(dry.stdout).data.shape).toEqual([8, 10, 3]);
  expect(dry.stderr).toContain(
    `images are made 8 × 10 pixels, cut to their proportions, as those of the teacher ${model('cut')} were: --size sets another size`,
  );
  const out = at('taught');
  const { code } = await cli(...words, '--epochs', '1', '--threads', '1', '--out', out);
  expect(code).toBe(0);
  const student = join(out, 'student.safetensors');
  expect(JSON.parse((await metadataOf(student)).images!)).toEqual({ size: [8, 10], crop: true });
  // A size that is given counts, and a teacher for another one is refused as ever.
  const other = await cli(...words, '--size', '6', '--dry-run');
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('takes')]);
  // Those of two teachers that had different ones don't.
  const both = await cli(...words, '--teacher', model('squeezed'), '--dry-run');
  expect([both.code, both.stderr]).toEqual([1, expect.stringContaining('--size')]);
});
