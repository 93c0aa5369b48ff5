import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Engine, makeDataset, parseShorthand, train } from 'wasm-distill';
import { loadImages } from 'wasm-distill/data';
import { encodeNpz, exportOnnx, readParquet } from 'wasm-distill/formats';
import { encodeZip } from '#library/formats/zip.js';
import { floats, node, onnxFile, value } from '../support/onnx-graphs.ts';
import { huggingFaceFile } from '../support/parquet.ts';
import { encodePng } from '../support/png.ts';

const KINDS = ['circle', 'bar', 'corner'] as const;
const SIDE = 12;

/** Numbers that look random, from 0 to 255, the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 16) & 255;
  };
}

/** A bright patch, at another place in each class, in a gray mist. */
function picture(kind: number, seed: number): Uint8Array {
  const next = noise(seed + 1);
  const [top, left] = (
    [
      [4, 4],
      [0, 6],
      [8, 0],
    ] as const
  )[kind]!;
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [y, x] = [Math.floor(i / SIDE), i % SIDE];
    const inside = y >= top && y < top + 4 && x >= left && x < left + 4;
    return inside ? 120 + next() / 2 : next() / 2;
  });
}

/** A zip with a folder a class, 40 gray images in each. */
export function zipOfImages(): Uint8Array<ArrayBuffer> {
  return encodeZip(
    KINDS.flatMap((name, kind) =>
      Array.from({ length: 40 }, (_, i) => ({
        name: `shapes/${name}/${i}.png`,
        bytes: encodePng(SIDE, SIDE, picture(kind, 100 * kind + i)),
      })),
    ),
  );
}

/** The same as Parquet, as Hugging Face has it, and as npz: what these have is read as the same data. */
export function imagesInFiles(): Record<'shapes.parquet' | 'shapes.npz', Uint8Array> {
  const pictures = KINDS.flatMap((_, kind) =>
    Array.from({ length: 40 }, (_, i) => picture(kind, 100 * kind + i)),
  );
  const labels = pictures.map((_, i) => Math.floor(i / 40));
  const values = new Uint8Array(pictures.length * SIDE * SIDE);
  for (const [i, pixels] of pictures.entries()) values.set(pixels, i * SIDE * SIDE);
  return {
    'shapes.parquet': huggingFaceFile(
      pictures.map((pixels) => encodePng(SIDE, SIDE, pixels)),
      labels,
      KINDS,
    ),
    'shapes.npz': encodeNpz({
      x: { shape: [pictures.length, SIDE, SIDE], data: values },
      y: { shape: [labels.length], data: Int32Array.from(labels) },
    }),
  };
}

/** Color images that are of one color each, and a graph that tells them apart: its channels last, and nothing in it says so. */
export function colorCase(): { zip: Uint8Array<ArrayBuffer>; teacher: Uint8Array } {
  const names = ['blue', 'green', 'red'];
  const zip = encodeZip(
    names.flatMap((name, kind) =>
      Array.from({ length: 20 }, (_, i) => {
        const next = noise(20 * kind + i);
        const pixels = Array.from(
          { length: 6 * 6 * 3 },
          (_, k) => (k % 3 === 2 - kind ? 128 : 0) + next() / 2,
        );
        return { name: `colors/${name}/${i}.png`, bytes: encodePng(6, 6, pixels) };
      }),
    ),
  );
  const teacher = onnxFile({
    nodes: [
      node('ReduceMean', ['x'], 'mean', { axes: { ints: [1, 2] }, keepdims: { int: 0 } }),
      node('MatMul', ['mean', 'w'], 'logits'),
    ],
    inputs: [value('x', ['n', 'a', 'b', 'c'])],
    outputs: [value('logits', ['n', 3])],
    initializers: [floats('w', [3, 3], [0, 0, 9, 0, 9, 0, 9, 0, 0])],
  });
  return { zip, teacher };
}

/** A teacher of the flowers whose weights lie in a file beside it. */
export function teacherInTwoFiles(): { 'large.onnx': Uint8Array; 'large.onnx.data': Uint8Array } {
  const location = 'large.onnx.data';
  const graph = onnxFile({
    nodes: [node('MatMul', ['x', 'w'], 'y')],
    inputs: [value('x', ['n', 3])],
    outputs: [value('y', ['n', 3])],
    initializers: [{ ...floats('w', [3, 3], []), external: { location, offset: 0, length: 36 } }],
  });
  const weights = Float32Array.of(-1, 0, 1, 1, 0, -1, 0, 1, 0);
  return { 'large.onnx': graph, 'large.onnx.data': new Uint8Array(weights.buffer) };
}

/** The same numbers of rows of a table as [features, class]. */
function rows(): { values: number[]; kind: number }[] {
  const next = noise(7);
  return Array.from({ length: 150 }, (_, i) => {
    const kind = i % 3;
    const around = (center: number) => Math.round(100 * (center + next() / 128)) / 100;
    return { values: [around(kind), around(2 - kind), around(1)], kind };
  });
}

/** Flowers of three kinds, in numbers that stand under a name nobody takes for a label. */
export function csv(label = 'kind'): string {
  const lines = rows().map(({ values, kind }) => [...values, kind].join());
  return [`length,width,height,${label}`, ...lines, ''].join('\n');
}

/** The same as a data set, for models that are to teach it. */
export function csvDataset(relabel = (kind: number) => kind) {
  return makeDataset({
    inputs: { shape: [3], values: Float32Array.from(rows().flatMap(({ values }) => values)) },
    labels: rows().map(({ kind }) => relabel(kind)),
    classNames: ['0', '1', '2'],
  });
}

const CIFAR = '../shared/data/cifar10-test.parquet';
const RESNET = '../shared/data/onnx/cifar10-resnet-4b.onnx';

/** An ONNX teacher of images, a zip of what it knows, and how its inputs are prepared. */
export interface OnnxCase {
  teacher: Uint8Array;
  zip: Uint8Array;
  mean: string;
  std: string;
  shape: string;
  classes: number;
  samples: number;
}

/** A network that PyTorch exported and 300 images of CIFAR-10; where these aren't at hand, one of ours and its shapes. */
export async function onnxCase(engine: Engine): Promise<OnnxCase> {
  if (!existsSync(CIFAR) || !existsSync(RESNET)) return ownOnnxCase(engine);
  const { columns, classNames } = await readParquet([{ name: CIFAR, file: await readFile(CIFAR) }]);
  const [images, labels] = ['img', 'label'].map(
    (name) => columns.find((column) => column.name === name)!.values,
  );
  const names = classNames!.label!;
  const zip = encodeZip(
    Array.from({ length: 300 }, (_, i) => ({
      name: `cifar/${names[Number(labels![i])]}/${i}.jpg`,
      bytes: images![i] as Uint8Array,
    })),
  );
  const prepared = { mean: '0.4914, 0.4822, 0.4465', std: '0.2471, 0.2435, 0.2616' };
  const shape = '32 × 32 pixels, color';
  return { teacher: await readFile(RESNET), zip, ...prepared, shape, classes: 10, samples: 300 };
}

async function ownOnnxCase(engine: Engine): Promise<OnnxCase> {
  const zip = zipOfImages();
  const data = await loadImages(zip);
  const { architecture } = parseShorthand('conv8 pool dense16', {
    input: { shape: [SIDE, SIDE, 1] },
    classes: 3,
  });
  const model = await train(engine, { architecture, data, epochs: 20, seed: 1 });
  // Ours takes bytes as they are.
  const prepared = { mean: '0', std: String(1 / 255) };
  const shape = `${SIDE} × ${SIDE} pixels, gray`;
  return { teacher: exportOnnx(model), zip, ...prepared, shape, classes: 3, samples: data.size };
}
