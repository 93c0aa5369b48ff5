import type { Padding, Pair } from '../graph/names.js';

/** One number for both directions, or [along y, along x]. */
export type Sizes = number | Pair;
/**
 * Pixels of zeros around an image: on all sides, [top, left, bottom, right], or 'same', as many as keep the size at
 * stride 1 (where they are odd the one more comes after).
 */
export type Pad = 'same' | number | Padding;

/** How a window moves over images. */
interface Moving {
  /** Pixels from one window to the next. */
  readonly stride?: Sizes;
  readonly pad?: Pad;
}

/**
 * Every layer but composites by its keyword, with its JSON form: the files and tables of layers are typed over these.
 * One row here, one in `fields`, one file in layers/ and its row in layers/index.ts make a layer. Lightweight, as
 * wasm-distill/infer loads it. Images are [height, width, channels].
 */
export interface LayerSpecs {
  /** This many filters over images (default: 3 × 3, stride 1, pad 'same', with a bias). */
  conv: Moving & {
    readonly conv: number;
    readonly kernel?: Sizes;
    /** Pixels from one tap of the kernel to the next. */
    readonly dilation?: Sizes;
    /** Channels and filters are divided into this many groups that don't see each other. */
    readonly groups?: number;
    readonly bias?: boolean;
  };
  /** A transposed convolution: this many filters; with pad 'same' (default) sizes become size·stride. */
  deconv: Moving & {
    readonly deconv: number;
    readonly kernel?: Sizes;
    readonly dilation?: Sizes;
    readonly bias?: boolean;
  };
  /** One filter of this size for each channel. */
  depthwise: Moving & {
    readonly depthwise: Sizes;
    readonly dilation?: Sizes;
    readonly bias?: boolean;
  };
  /** This many units, each a weighted sum of all numbers of the input, plus a bias. */
  dense: { readonly dense: number; readonly bias?: boolean };
  /** Batch norm by channel; `momentum` is the share of a batch in the running statistics (default 0.1). */
  norm: { readonly norm: 'batch'; readonly momentum?: number; readonly epsilon?: number };
  relu: { readonly relu: true };
  /** x where it is positive, else this slope times x. */
  leakyRelu: { readonly leakyRelu: number };
  sigmoid: { readonly sigmoid: true };
  tanh: { readonly tanh: true };
  /** The maximum of each group of this many consecutive channels. */
  maxout: { readonly maxout: number };
  /** The maximum of each window of this size (default: stride as the size, no padding). */
  pool: Moving & { readonly pool: Sizes };
  /** The mean of each window. */
  avg: Moving & { readonly avg: Sizes };
  /** The mean over all pixels, by channel. */
  gap: { readonly gap: true };
  /** Each pixel repeated this often. */
  upsample: { readonly upsample: Sizes };
  /** All numbers in one row. */
  flatten: { readonly flatten: true };
  /** This share of the numbers is dropped during training. */
  dropout: { readonly dropout: number };
}

export type LayerName = keyof LayerSpecs;

/** A layer as JSON. Its output and parameters go by its `name`, or else its place: "0", "1", … */
export type SpecOf<K extends LayerName> = LayerSpecs[K] & { readonly name?: string };
export type AtomSpec = { [K in LayerName]: SpecOf<K> }[LayerName];

/** Lists of layers that all take the composite's input; an empty one passes it on. */
export type Branches = readonly (readonly LayerSpec[])[];
/** The sum of its branches' outputs. */
export type SumSpec = { readonly sum: Branches; readonly name?: string };
/** Its branches' outputs, joined along the channels. */
export type ConcatSpec = { readonly concat: Branches; readonly name?: string };

/** A layer or composite as JSON. Unnamed layers of a composite are `<its path>.<branch>.<place>`: "4.0.2". */
export type LayerSpec = AtomSpec | SumSpec | ConcatSpec;

/** A composite's branches; undefined for other layers. */
export function branchesOf(spec: LayerSpec): Branches | undefined {
  if ('sum' in spec) return spec.sum;
  return 'concat' in spec ? spec.concat : undefined;
}

/** Which layer a checked spec is. */
export function layerName(spec: AtomSpec): LayerName {
  return Object.keys(spec).find((key) => Object.hasOwn(fields, key)) as LayerName;
}

/** What a value in a layer must be. */
interface Field {
  readonly what: string;
  holds(value: unknown): boolean;
}

const MOST_UNITS = 2 ** 24 - 1;
const MOST_PIXELS = 2 ** 16 - 1;

const isWhole = (n: unknown, least: number, most: number) =>
  Number.isInteger(n) && (n as number) >= least && (n as number) <= most;
const isWholes = (list: unknown, length: number, least: number) =>
  Array.isArray(list) && list.length === length && list.every((n) => isWhole(n, least, MOST_PIXELS));

const units: Field = {
  what: 'a whole number from 1 to 16777215',
  holds: (n) => isWhole(n, 1, MOST_UNITS),
};
const sizes: Field = {
  what: 'a whole number from 1 to 65535, or two of them (along y, along x)',
  holds: (value) => isWhole(value, 1, MOST_PIXELS) || isWholes(value, 2, 1),
};
const padding: Field = {
  what: '"same", a whole number from 0, or four of them (top, left, bottom, right)',
  holds: (value) => value === 'same' || isWhole(value, 0, MOST_PIXELS) || isWholes(value, 4, 0),
};
const rate: Field = {
  what: 'a number from 0 to below 1',
  holds: (n) => typeof n === 'number' && n >= 0 && n < 1,
};
const share: Field = {
  what: 'a number above 0 and up to 1',
  holds: (n) => typeof n === 'number' && Math.fround(n) > 0 && n <= 1,
};
/** As f32, the precision of the arithmetic. */
const finite: Field = {
  what: 'a number',
  holds: (n) => typeof n === 'number' && Number.isFinite(Math.fround(n)),
};
const positive: Field = {
  what: 'a positive number',
  holds: (n) => finite.holds(n) && Math.fround(n as number) > 0,
};
const batch: Field = { what: '"batch"', holds: (value) => value === 'batch' };
const isTrue: Field = { what: 'true', holds: (value) => value === true };
const yesOrNo: Field = { what: 'true or false', holds: (value) => typeof value === 'boolean' };

const moving = { stride: sizes, pad: padding };

/** What each layer's JSON may hold; everything but the layer's own keyword is optional. */
export const fields: {
  readonly [K in LayerName]: { readonly [F in keyof LayerSpecs[K]]-?: Field };
} = {
  conv: { conv: units, kernel: sizes, ...moving, dilation: sizes, groups: units, bias: yesOrNo },
  deconv: { deconv: units, kernel: sizes, ...moving, dilation: sizes, bias: yesOrNo },
  depthwise: { depthwise: sizes, ...moving, dilation: sizes, bias: yesOrNo },
  dense: { dense: units, bias: yesOrNo },
  norm: { norm: batch, momentum: share, epsilon: positive },
  relu: { relu: isTrue },
  leakyRelu: { leakyRelu: finite },
  sigmoid: { sigmoid: isTrue },
  tanh: { tanh: isTrue },
  maxout: { maxout: units },
  pool: { pool: sizes, ...moving },
  avg: { avg: sizes, ...moving },
  gap: { gap: isTrue },
  upsample: { upsample: sizes },
  flatten: { flatten: isTrue },
  dropout: { dropout: rate },
};
