import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decodeModel, encodeInt8Model, encodeModel, type TrainedModel } from 'wasm-distill';
import { decodeInt8Model, exportOnnx, importOnnx, readOnnx } from 'wasm-distill/formats';
import { byteInput } from 'wasm-distill/graph';
import { writeOnnx } from '#library/formats/onnx/write.js';
import { cli, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { randomModel } from '../../support/models.ts';
import { checkOnnx } from '../../support/onnx-checker.ts';
import { onnxFiles } from '../../support/onnx-files.ts';
import { architectures, studentOf } from '../../support/students.ts';

const METADATA = {
  ...{ images: '{"size":[16,16]}', history: '[]', fingerprint: 'abc' },
  backends: 'wasm, webgpu',
};

let folder: string;
let model: TrainedModel;
let rows: TrainedModel;

const at = (...names: string[]) => join(folder, ...names);
const bytesOf = async (...names: string[]) => new Uint8Array(await readFile(at(...names)));

beforeAll(async () => {
  folder = await temporaryFolder();
  model = { ...studentOf(architectures.residual!), classNames: [...'abcdefghij'] };
  rows = studentOf(architectures['a perceptron on a table']!);
  await writeFile(at('images.safetensors'), encodeModel(model, METADATA));
  await writeFile(at('rows.safetensors'), encodeModel(rows));
  await writeFile(at('int8.safetensors'), encodeInt8Model(model, METADATA));
});

test('export writes an ONNX file beside the model, with what is known of its images', async () => {
  const { code, stdout } = await cli('export', at('images.safetensors'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^file +format +bytes\n.*images\.onnx +onnx +[\d,]+\n$/);
  const { history: _, ...told } = METADATA;
  expect(await bytesOf('images.onnx')).toEqual(exportOnnx(model, { metadata: told }));
  const [seen] = await checkOnnx([at('images.onnx')]);
  expect(seen!.metadata).toMatchObject({ ...told, classNames: JSON.stringify(model.classNames) });
  expect(seen!.metadata.history).toBeUndefined();
});

test('several models and formats go into a folder, which need not be there', async () => {
  const { code, stdout } = await cli(
    ...['export', at('images.safetensors'), at('rows.safetensors'), '--format', 'onnx,int8,safetensors'],
    ...['--out', at('made', 'here'), '--json'],
  );
  expect(code).toBe(0);
  const { files } = JSON.parse(stdout) as {
    files: { model: string; format: string; file: string; bytes: number }[];
  };
  expect(files).toHaveLength(6);
  expect((await readdir(at('made', 'here'))).sort()).toEqual(
    ['images', 'rows'].flatMap((name) => [`${name}.int8.safetensors`, `${name}.onnx`, `${name}.safetensors`]),
  );
  for (const { file, bytes } of files) expect((await readFile(file)).length).toBe(bytes);
  expect(files[1]).toMatchObject({ format: 'int8', model: at('images.safetensors') });
  expect(await bytesOf('made', 'here', 'images.int8.safetensors')).toEqual(encodeInt8Model(model, METADATA));
  expect(await bytesOf('made', 'here', 'rows.safetensors')).toEqual(encodeModel(rows));
});

test('one file goes where --out says, in the layout that is asked for', async () => {
  const out = at('turned.onnx');
  expect((await cli('export', at('images.safetensors'), '--layout', 'nhwc', '--out', out)).code).toBe(0);
  const [seen] = await checkOnnx([out]);
  expect(seen!.inputs[0]!.shape).toEqual(['N', 16, 16, 3]);
});

test('a file of the same kind is replaced, another only if asked to', async () => {
  const words = ['export', at('rows.safetensors'), '--out', at('notes.onnx')];
  await writeFile(at('notes.onnx'), 'mine');
  const refused = await cli(...words);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('is another kind of file');
  expect(await readFile(at('notes.onnx'), 'utf8')).toBe('mine');
  expect((await cli(...words, '--force')).code).toBe(0);
  expect((await cli(...words)).stderr).toContain('notes.onnx was there before, and is replaced');
});

test('what can not be exported is told in one line, before anything is written', async () => {
  await mkdir(at('other'), { recursive: true });
  await cp(at('images.safetensors'), at('other', 'images.safetensors'));
  const before = await readdir(folder);
  const [images, row] = [at('images.safetensors'), at('rows.safetensors')];
  const cases: [string[], number, RegExp][] = [
    [[], 2, /missing required argument/],
    [[images, '--format', 'tflite'], 2, /--format must be safetensors or onnx or int8.*not "tflite"/],
    [[images, '--layout', 'hwc'], 2, /--layout must be nchw or nhwc, not "hwc"/],
    [[images, at('none.safetensors')], 1, /there is no file .*none/],
    [[at('int8.safetensors'), '--format', 'safetensors'], 1, /is a model to be exported/],
    [[row, '--layout', 'nhwc', '--out', at('never.onnx')], 1, /a layout is for images/],
    [
      [images, '--format', 'safetensors'],
      1,
      /images\.safetensors is a model to be exported: give another --out/,
    ],
    [[row, '--out', images], 1, /is a model to be exported|another kind/],
    [[images, at('other', 'images.safetensors'), '--out', at('both')], 1, /would both become .*images\.onnx/],
  ];
  for (const [args, code, message] of cases) {
    const ended = await cli('export', ...args);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
  }
  expect(await readdir(folder)).toEqual(before);
});

test('train and distill write the student in further formats, as export would', async () => {
  await writeSmallMnist(folder, 200, 50);
  const small = ['--data', folder, '--epochs', '1', '--threads', '1', '--format', 'onnx,int8'];
  const trained = await cli('train', ...small, '--hidden', '8', '--out', at('train'));
  expect(trained.code).toBe(0);
  expect(trained.stdout).toMatch(
    /\nmodel +.*model\.safetensors\nonnx +.*model\.onnx\nint8 +.*model\.int8\.safetensors\n$/,
  );
  expect((await readdir(at('train'))).sort()).toEqual([
    'model.int8.safetensors',
    'model.onnx',
    'model.safetensors',
    'report.json',
  ]);
  const report = JSON.parse(await readFile(at('train', 'report.json'), 'utf8'));
  expect(report.model.exported).toEqual([
    { format: 'onnx', file: at('train', 'model.onnx'), bytes: (await bytesOf('train', 'model.onnx')).length },
    ...[expect.objectContaining({ format: 'int8', file: at('train', 'model.int8.safetensors') })],
  ]);
  await cli('export', at('train', 'model.safetensors'), '--out', at('again.onnx'));
  expect(await bytesOf('again.onnx')).toEqual(await bytesOf('train', 'model.onnx'));

  const networks = ['--teachers', '1', '--teacher', '8', '--student', '6', '--teacher-epochs', '1'];
  const distilled = await cli('distill', ...small, ...networks, '--out', at('train'), '--force');
  expect(distilled.code).toBe(0);
  expect(distilled.stdout).toMatch(/\nstudent +.*student\.safetensors\nonnx +.*student\.onnx\n/);
  const page = await readFile(at('train', 'report.html'), 'utf8');
  expect(page).toMatch(/student\.safetensors<\/span><span class="file">[^<]*student\.onnx</);
  // Nothing of the run before is left.
  expect((await readdir(at('train'))).filter((name) => name.startsWith('model'))).toEqual([]);
  expect((await checkOnnx([at('train', 'student.onnx')]))[0]!.inputs[0]!.shape).toEqual(['N', 1, 28, 28]);
});

test("somebody else's student.onnx stays", async () => {
  await mkdir(at('foreign'));
  await writeFile(at('foreign', 'model.onnx'), 'mine');
  const words = [
    'train',
    '--data',
    folder,
    '--epochs',
    '1',
    '--threads',
    '1',
    '--hidden',
    '6',
    '--out',
    at('foreign'),
  ];
  expect((await cli(...words)).stderr).toContain('(model.onnx): give --force');
  expect((await cli(...words, '--force')).code).toBe(0);
  expect(await readFile(at('foreign', 'model.onnx'), 'utf8')).toBe('mine');
});

test('old models and those of gray bytes are exported', async () => {
  await cp('test/fixtures/old-model.safetensors', at('old.safetensors'));
  await writeFile(at('gray.safetensors'), encodeModel(randomModel([784, 8, 10], 1, byteInput)));
  expect((await cli('export', at('old.safetensors'), at('gray.safetensors'))).code).toBe(0);
  expect((await checkOnnx([at('old.onnx'), at('gray.onnx')])).map(({ producer }) => producer)).toEqual(
    Array(2).fill('wasm-distill'),
  );
});

test('an ONNX file of ours comes back as it was', async () => {
  const made = ['--out', at('back', '/')];
  expect((await cli('export', at('images.safetensors'), '--layout', 'nhwc', ...made)).code).toBe(0);
  const { code, stderr } = await cli('export', at('back', 'images.onnx'));
  expect([code, stderr]).toEqual([0, expect.stringContaining('takes 16 × 16 × 3')]);
  const { model: read, metadata } = decodeModel(await bytesOf('back', 'images.safetensors'), 'it');
  expect(read.classNames).toEqual(model.classNames);
  expect(read.architecture.input).toEqual(model.architecture.input);
  expect([...read.weights.values()]).toEqual([...model.weights.values()]);
  expect(metadata).toMatchObject({ images: METADATA.images });
  expect(metadata).not.toHaveProperty('fingerprint');
});

test('images that were prepared outside are prepared inside', async () => {
  // A graph of others: the same, but nothing in it says who made it.
  const plain = studentOf({ ...architectures.residual!, input: { shape: [16, 16, 3] } });
  const theirs = readOnnx(exportOnnx(plain), 'it');
  await writeFile(at('prepared.onnx'), writeOnnx({ ...theirs, producer: 'other', metadata: {} }));
  const words = ['--teacher-mean', '0.5,0.4,0.3', '--teacher-std', '0.2', '--out', at('bytes.safetensors')];
  const { code, stderr } = await cli('export', at('prepared.onnx'), ...words);
  expect([code, stderr]).toEqual([0, expect.stringContaining('(bytes − [127.5, 102, 76.5]) / [51, 51, 51]')]);
  const { model: read } = decodeModel(await bytesOf('bytes.safetensors'), 'it');
  expect(read.architecture.input).toEqual({
    ...{ shape: [16, 16, 3], values: 'bytes' },
    normalization: { mean: [127.5, 102, 76.5], deviation: [51, 51, 51] },
  });
  expect([...read.weights.values()]).toEqual([...plain.weights.values()]);
  const normalization = { mean: [1], deviation: [1, 2, 4] };
  const back = importOnnx(await bytesOf('prepared.onnx'), 'it', { input: { normalization } });
  expect(back.architecture.input.normalization).toEqual({ mean: [1, 1, 1], deviation: [1, 2, 4] });
  const cases: [string[], number, RegExp][] = [
    [
      [at('images.safetensors'), '--teacher-mean', '0.5'],
      2,
      /--teacher-mean says how an ONNX model is understood, and none is given/,
    ],
    [
      [at('images.onnx'), '--teacher-std', '0.5', '--out', at('x.safetensors')],
      1,
      /says itself what it takes/,
    ],
    [[at('prepared.onnx'), '--teacher-mean', 'a'], 2, /--teacher-mean must be/],
    [[at('prepared.onnx'), '--teacher-mean', '0.5,0.4'], 1, /mean/],
    [[at('prepared.onnx'), '--teacher-std', '0'], 1, /deviation|divid|scales/],
  ];
  for (const [args, wanted, sentence] of cases) {
    const ended = await cli('export', ...args);
    expect(ended.stderr).toMatch(sentence);
    expect([ended.code, ended.stdout]).toEqual([wanted, '']);
  }
});

test('an ONNX file of others becomes a model, or it is told why not', async () => {
  await writeFile(at('theirs.onnx'), onnxFiles()[0]!);
  const { code, stderr } = await cli('export', at('theirs.onnx'));
  expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
  expect(stderr).toMatch(/theirs\.onnx can't become layers: the node Concat /);
  await writeFile(at('page.onnx'), '<html>');
  expect((await cli('export', at('page.onnx'))).stderr).toContain('is a page, not a model');
});

test('weights of 8 bits become floats', async () => {
  expect(
    (await cli('export', at('int8.safetensors'), '--format', 'onnx,safetensors', '--out', at('floats'))).code,
  ).toBe(0);
  const { model: floats } = decodeInt8Model(await bytesOf('int8.safetensors'), 'it');
  const { images, backends } = METADATA;
  expect(await bytesOf('floats', 'int8.onnx')).toEqual(
    exportOnnx(floats, { metadata: { images, backends } }),
  );
  const { model: read, metadata } = decodeModel(await bytesOf('floats', 'int8.safetensors'), 'it');
  expect(read).toEqual(floats);
  // Or a run that is resumed would take it for its own.
  expect(metadata).not.toHaveProperty('fingerprint');
});

test('export --help has examples', async () => {
  const { stdout } = await cli('export', '--help');
  expect(stdout).toContain('Usage: wasm-distill export');
  expect(stdout).toMatch(/\nExamples:\n {2}wasm-distill export /);
});
