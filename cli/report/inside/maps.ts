import { Buffer } from 'node:buffer';
import { type Dataset, type Engine, select, type TrainedModel } from 'wasm-distill';
import type { AnyModel, ExternalModel } from 'wasm-distill/data';
import { resizeImage } from 'wasm-distill/formats';
import { network, ops, variable } from 'wasm-distill/graph';
import {
  type AttentionMaps,
  attentionMap,
  attentionOf,
  gradientsOf,
  hiddenOf,
  type SampleMaps,
} from 'wasm-distill/objectives';
import type { ImageData8 } from '../report.ts';
import { shownSample } from '../shown-sample.ts';
import type { Drawing } from './drawings.ts';
import type { BySide, MapsFigure } from './inside.ts';
import type { Compared } from './relations.ts';

/** How many test images the maps are of. */
const MOST_SHOWN = 6;
const LARGEST_SIDE = 64;

type OfMaps = Extract<Drawing, { kind: 'attention' | 'gradients' }>;
type Attention = Extract<Drawing, { kind: 'attention' }>;

/** The maps of some test images, the first of each class; undefined where there are no maps of images to be seen. */
export async function mapsFigure(
  engine: Engine,
  drawing: OfMaps,
  models: Compared,
  test: Dataset,
): Promise<MapsFigure | undefined> {
  const shown = firstOfEach(test);
  if (shown.length === 0 || test.inputs.shape.length !== 3) return undefined;
  const data = select(test, shown);
  const maps = await (drawing.kind === 'attention'
    ? attentions(engine, drawing, models, data)
    : gradients(engine, models, data));
  if (!maps) return undefined;
  return { of: ofWhat(drawing), samples: drawn(test, shown, maps) };
}

function ofWhat(drawing: OfMaps): MapsFigure['of'] {
  if (drawing.kind === 'gradients') return 'gradients';
  const { student, teacher } = drawing;
  return { student, ...(teacher !== undefined && { teacher }) };
}

async function attentions(
  engine: Engine,
  drawing: Attention,
  { teacher, distilled, hard }: Compared,
  data: Dataset,
): Promise<BySide<SampleMaps> | undefined> {
  const { student: layer, power, over } = drawing;
  if (!isMap(distilled, layer)) return undefined;
  const taught = await teachersAttention(engine, drawing, teacher, data);
  if (!taught) return undefined;
  const of = (student: TrainedModel) => attentionOf(engine, student, data, layer, { power, over });
  return { teacher: taught, distilled: await of(distilled), hard: await of(hard) };
}

async function teachersAttention(
  engine: Engine,
  { teacher: layer, power, over }: Attention,
  teacher: AnyModel,
  data: Dataset,
): Promise<SampleMaps | undefined> {
  if (!('architecture' in teacher)) return attentionInside(engine, teacher, data, { power, over });
  if (layer === undefined || !isMap(teacher, layer)) return undefined;
  return attentionOf(engine, teacher, data, layer, { power, over });
}

/** Of the map that a model which is no network of this library tells of its inside. */
async function attentionInside(
  engine: Engine,
  teacher: ExternalModel,
  data: Dataset,
  options: AttentionMaps,
): Promise<SampleMaps | undefined> {
  const { features, featuresShape = [] } = teacher;
  if (!features || featuresShape.length !== 3) return undefined;
  const inside = variable('inside', [data.size, ...featuresShape]);
  const map = attentionMap(inside, options);
  const attention = variable('attention', map.shape);
  const session = await engine.load({ attend: [ops.assign(attention, map)] });
  try {
    await session.write(inside, await hiddenOf(engine, teacher, data));
    await session.run('attend');
    return { shape: featuresShape.slice(0, 2), values: await session.read(attention) };
  } finally {
    await session.close();
  }
}

async function gradients(
  engine: Engine,
  { teacher, distilled, hard }: Compared,
  data: Dataset,
): Promise<BySide<SampleMaps> | undefined> {
  if (!('architecture' in teacher)) return undefined;
  const of = async (model: TrainedModel) => sizesOf(await gradientsOf(engine, model, data));
  return { teacher: await of(teacher), distilled: await of(distilled), hard: await of(hard) };
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
