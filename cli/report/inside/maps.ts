import { Buffer } from 'node:buffer';
import { type Dataset, type Engine, select, type TrainedModel } from 'wasm-distill';
import { resizeImage } from 'wasm-distill/formats';
import { network, variable } from 'wasm-distill/graph';
import { attentionOf, gradientsOf, type SampleMaps } from 'wasm-distill/objectives';
import type { ImageData8 } from '../report.ts';
import { shownSample } from '../shown-sample.ts';
import type { Drawing } from './drawings.ts';
import type { BySide, MapsFigure } from './inside.ts';

/** How many test images the maps are of. */
const MOST_SHOWN = 6;
const LARGEST_SIDE = 64;

type OfMaps = Extract<Drawing, { kind: 'attention' | 'gradients' }>;

/** The maps of some test images, the first of each class; undefined where the layers are no maps of images. */
export async function mapsFigure(
  engine: Engine,
  drawing: OfMaps,
  models: BySide<TrainedModel>,
  test: Dataset,
): Promise<MapsFigure | undefined> {
  const shown = firstOfEach(test);
  if (shown.length === 0 || test.inputs.shape.length !== 3) return undefined;
  const data = select(test, shown);
  if (drawing.kind === 'attention') {
    const { student, teacher, power, over } = drawing;
    if (!isMap(models.teacher, teacher) || !isMap(models.distilled, student)) return undefined;
    const of = (model: TrainedModel, layer: string) =>
      attentionOf(engine, model, data, layer, { power, over });
    const maps = {
      teacher: await of(models.teacher, teacher),
      distilled: await of(models.distilled, student),
      hard: await of(models.hard, student),
    };
    return { of: { teacher, student }, samples: drawn(test, shown, maps) };
  }
  const maps = {
    teacher: sizesOf(await gradientsOf(engine, models.teacher, data)),
    distilled: sizesOf(await gradientsOf(engine, models.distilled, data)),
    hard: sizesOf(await gradientsOf(engine, models.hard, data)),
  };
  return { of: 'gradients', samples: drawn(test, shown, maps) };
}

/** The first test sample of each class. */
function firstOfEach({ labels, classes }: Dataset): number[] {
  const all = Array.from({ length: Math.min(classes, 1024) }, (_, label) => labels.indexOf(label));
  return all.filter((index) => index >= 0).slice(0, MOST_SHOWN);
}

function isMap({ architecture }: TrainedModel, layer: string): boolean {
  const x = variable('x', [1, ...architecture.input.shape]);
  return network(architecture).forward(x, 'infer').at(layer).shape.length === 4;
}

/** Of the numbers of each pixel the sum of their sizes. */
function sizesOf({ shape, values }: SampleMaps): SampleMaps {
  const [height, width, channels] = shape as [number, number, number];
  const sizes = new Float32Array(values.length / channels);
  for (const [i, value] of values.entries()) sizes[Math.floor(i / channels)]! += Math.abs(value);
  return { shape: [height, width], values: sizes };
}

function drawn(test: Dataset, shown: readonly number[], maps: BySide<SampleMaps>): MapsFigure['samples'] {
  return shown.map((index, i) => ({
    ...{ index, label: test.labels[index]! },
    ...shownSample(test, index),
    maps: {
      teacher: pictureOf(maps.teacher, i),
      distilled: pictureOf(maps.distilled, i),
      hard: pictureOf(maps.hard, i),
    },
  }));
}

/** A map as a picture of bytes: 0 for nothing, 255 for its greatest number. */
function pictureOf({ shape, values }: SampleMaps, i: number): ImageData8 {
  const [height, width] = shape as [number, number];
  const own = values.subarray(i * height * width, (i + 1) * height * width);
  const most = own.reduce((a, b) => Math.max(a, b), 0) || 1;
  const data = Uint8Array.from(own, (value) => Math.round((255 * value) / most));
  const scale = Math.min(1, LARGEST_SIDE / Math.max(height, width));
  const side = (n: number) => Math.max(1, Math.round(n * scale));
  const image = { height, width, channels: 1, data } as const;
  const small = scale < 1 ? resizeImage(image, side(height), side(width)) : image;
  return { height: small.height, width: small.width, base64: Buffer.from(small.data).toString('base64') };
}
