import type { InstructionName } from './instruction.js';
import type * as Layout from './layout.js';
import { Header } from './layout.js';

/** What a word of an instruction is: a whole number, the bits of an f32, or a byte address (0: absent). */
export type FieldType = 'int' | 'float' | 'address';

/** The enumeration of each instruction's words. Types alone: as values they would be a tenth of an application's bundle. */
interface Enums {
  matmul: typeof Layout.MatmulField;
  batchedMatmul: typeof Layout.MatmulField;
  binary: typeof Layout.BinaryField;
  unary: typeof Layout.UnaryField;
  reduce: typeof Layout.ReduceField;
  maxPool: typeof Layout.MaxPoolField;
  maxPoolGather: typeof Layout.MaxPoolField;
  maxPoolScatter: typeof Layout.MaxPoolField;
  averagePool: typeof Layout.MaxPoolField;
  averagePoolSpread: typeof Layout.MaxPoolField;
  depthwise: typeof Layout.DepthwiseField;
  depthwiseWeight: typeof Layout.DepthwiseWeightField;
  copy: typeof Layout.CopyField;
  turn: typeof Layout.CopyField;
  softmax: typeof Layout.SoftmaxField;
  kdLoss: typeof Layout.KdLossField;
  oneHot: typeof Layout.OneHotField;
  dropout: typeof Layout.DropoutField;
  gather: typeof Layout.GatherField;
  gatherImages: typeof Layout.GatherImagesField;
  viewIndex: typeof Layout.ViewIndexField;
  random: typeof Layout.RandomField;
  permutation: typeof Layout.PermutationField;
  stepRead: typeof Layout.StepReadField;
  stepWrite: typeof Layout.StepWriteField;
  rowsWrite: typeof Layout.RowsWriteField;
  sgd: typeof Layout.SgdField;
  adam: typeof Layout.AdamField;
  maxNorm: typeof Layout.MaxNormField;
  sumOfSquares: typeof Layout.SumOfSquaresField;
  channelSums: typeof Layout.ChannelSumsField;
  channelJoin: typeof Layout.ChannelJoinField;
  normGradient: typeof Layout.NormGradientField;
  chain: typeof Layout.ChainField;
  conv: typeof Layout.ConvField;
  packWeights: typeof Layout.PackWeightsField;
  convWeight: typeof Layout.ConvWeightField;
  angleLoss: typeof Layout.AngleLossField;
}

const copy: { readonly [F in keyof typeof Layout.CopyField]: FieldType } = {
  ...{ x: 'address', y: 'address', offsetX: 'int', offsetY: 'int' },
  ...{ d0: 'int', d1: 'int', d2: 'int', d3: 'int', d4: 'int', d5: 'int' },
  ...{ x0: 'int', x1: 'int', x2: 'int', x3: 'int', x4: 'int', x5: 'int' },
  ...{ y0: 'int', y1: 'int', y2: 'int', y3: 'int', y4: 'int', y5: 'int' },
};

const product: { readonly [F in keyof typeof Layout.MatmulField]: FieldType } = {
  ...{ m: 'int', n: 'int', k: 'int', a: 'address', b: 'address', c: 'address' },
  ...{ transposeA: 'int', transposeB: 'int', bias: 'address', relu: 'int', mask: 'address', byRows: 'int' },
};

const pool: { readonly [F in keyof typeof Layout.MaxPoolField]: FieldType } = {
  ...{ height: 'int', width: 'int', channels: 'int', rows: 'int', columns: 'int' },
  ...{
    kernelY: 'int',
    kernelX: 'int',
    strideY: 'int',
    strideX: 'int',
    top: 'int',
    left: 'int',
    halves: 'int',
  },
  ...{ x: 'address', v: 'address', y: 'address' },
};

/**
 * The type of every field, in the order of their words: if the layout and this table disagree on which fields exist, it
 * doesn't compile.
 */
const types: { readonly [I in InstructionName]: { readonly [F in keyof Enums[I]]: FieldType } } = {
  matmul: product,
  batchedMatmul: product,
  binary: { kind: 'int', n: 'int', a: 'address', b: 'address', c: 'address' },
  unary: { kind: 'int', n: 'int', x: 'address', y: 'address', value: 'float' },
  reduce: { kind: 'int', outer: 'int', length: 'int', inner: 'int', x: 'address', y: 'address' },
  maxPool: pool,
  maxPoolGather: pool,
  maxPoolScatter: pool,
  averagePool: pool,
  averagePoolSpread: pool,
  depthwise: {
    ...{
      height: 'int',
      width: 'int',
      channels: 'int',
      rows: 'int',
      columns: 'int',
      kernelY: 'int',
      kernelX: 'int',
    },
    ...{ strideY: 'int', strideX: 'int', dilationY: 'int', dilationX: 'int', top: 'int', left: 'int' },
    ...{ spread: 'int', x: 'address', w: 'address', y: 'address' },
  },
  depthwiseWeight: {
    ...{ images: 'int', height: 'int', width: 'int', channels: 'int', rows: 'int', columns: 'int' },
    ...{ kernelY: 'int', kernelX: 'int', strideY: 'int', strideX: 'int', dilationY: 'int', dilationX: 'int' },
    ...{ top: 'int', left: 'int', rowsOfSum: 'int', x: 'address', v: 'address', w: 'address' },
  },
  copy,
  turn: copy,
  softmax: { rows: 'int', columns: 'int', x: 'address', y: 'address', temperature: 'float', log: 'int' },
  kdLoss: {
    ...{ rows: 'int', columns: 'int', logits: 'address', soft: 'address', labels: 'address' },
    ...{ upstream: 'address', loss: 'address', gradient: 'address' },
    ...{ temperature: 'float', alpha: 'float', beta: 'float' },
  },
  oneHot: { rows: 'int', columns: 'int', labels: 'address', y: 'address' },
  dropout: {
    ...{ n: 'int', x: 'address', y: 'address', streamKind: 'int', streamIndex: 'int' },
    ...{ threshold: 'int', scale: 'float' },
  },
  gather: { rows: 'int', columns: 'int', x: 'address', index: 'address', y: 'address', missing: 'int' },
  gatherImages: {
    ...{ rows: 'int', height: 'int', width: 'int', channels: 'int' },
    ...{ x: 'address', index: 'address', y: 'address', scale: 'float', pixels: 'int' },
    ...{ shiftKind: 'int', shiftIndex: 'int', mirror: 'int', mirrorKind: 'int', mirrorIndex: 'int' },
  },
  viewIndex: {
    ...{ rows: 'int', index: 'address', y: 'address', pixels: 'int' },
    ...{ shiftKind: 'int', shiftIndex: 'int', mirror: 'int', mirrorKind: 'int', mirrorIndex: 'int' },
  },
  random: { kind: 'int', n: 'int', y: 'address', streamKind: 'int', streamIndex: 'int', scale: 'float' },
  permutation: { n: 'int', capacity: 'int', y: 'address', streamKind: 'int', streamIndex: 'int' },
  stepRead: { x: 'address', y: 'address', bytes: 'int', steps: 'int' },
  stepWrite: { x: 'address', y: 'address', bytes: 'int', steps: 'int', guard: 'int' },
  rowsWrite: { n: 'int', rows: 'int', columns: 'int', x: 'address', index: 'address', y: 'address' },
  sgd: {
    ...{ n: 'int', w: 'address', v: 'address', g: 'address', rate: 'address', factor: 'address' },
    ...{ momentum: 'float', decay: 'float', nesterov: 'int' },
  },
  adam: {
    ...{ n: 'int', w: 'address', m: 'address', v: 'address', g: 'address', rate: 'address' },
    ...{ powers: 'address', factor: 'address' },
    ...{ beta1: 'float', beta2: 'float', epsilon: 'float', decay: 'float' },
  },
  maxNorm: { rows: 'int', columns: 'int', w: 'address', limit: 'float' },
  sumOfSquares: { n: 'int', x: 'address', y: 'address', partial: 'int', accumulate: 'int' },
  channelSums: {
    ...{ kind: 'int', n: 'int', channels: 'int', width: 'int', rows: 'int' },
    ...{ x: 'address', up: 'address', mean: 'address', a: 'address', b: 'address', y: 'address' },
  },
  chain: {
    ...{ n: 'int', period: 'int', block: 'int', steps: 'int', streams: 'int', scalars: 'int' },
    ...{ code: 'address', y: 'address', x0: 'address', x1: 'address', x2: 'address', x3: 'address' },
    ...{ x4: 'address', x5: 'address', x6: 'address', x7: 'address', x8: 'address', x9: 'address' },
    ...{ x10: 'address', x11: 'address' },
  },
  channelJoin: { chunks: 'int', channels: 'int', first: 'int', divisor: 'int', x: 'address', y: 'address' },
  normGradient: {
    ...{ n: 'int', channels: 'int', width: 'int', rows: 'int', x: 'address', up: 'address' },
    ...{ slope: 'address', mean: 'address', toVariance: 'address', toMean: 'address' },
    ...{ a: 'address', b: 'address', y: 'address' },
  },
  conv: {
    ...{ x: 'address', weights: 'address', y: 'address', bias: 'address', mask: 'address', relu: 'int' },
    ...{ height: 'int', width: 'int', channels: 'int', rows: 'int', columns: 'int', filters: 'int' },
    ...{ depth: 'int', classes: 'int', geometry: 'address', chunk: 'int' },
  },
  packWeights: {
    ...{ w: 'address', y: 'address', taps: 'int', channels: 'int', filters: 'int', transpose: 'int' },
    ...{ order: 'address' },
  },
  convWeight: {
    ...{ x: 'address', dy: 'address', y: 'address', images: 'int' },
    ...{ height: 'int', width: 'int', channels: 'int', rows: 'int', columns: 'int', filters: 'int' },
    ...{ kernelY: 'int', kernelX: 'int', strideY: 'int', strideX: 'int' },
    ...{ top: 'int', left: 'int', dilationY: 'int', dilationX: 'int' },
    ...{ chunks: 'int', parts: 'int', groups: 'int', byRows: 'int' },
    ...{ beside: 'int', panel: 'int', packed: 'int' },
  },
  angleLoss: {
    ...{ n: 'int', rows: 'int', products: 'address', offsets: 'address', scales: 'address' },
    ...{ teacherProducts: 'address', teacherOffsets: 'address', teacherScales: 'address' },
    ...{ upstream: 'address', loss: 'address', partial: 'address', gradient: 'address' },
  },
};

export interface FieldPlace {
  readonly name: string;
  readonly type: FieldType;
  /** Its word offset from the instruction's start. */
  readonly word: number;
}

/** The fields of an instruction in the order of their words. */
export function fieldsOf(instruction: InstructionName): readonly FieldPlace[] {
  return places[instruction];
}

const places = Object.fromEntries(
  Object.entries(types).map(([instruction, fields]) => [
    instruction,
    Object.entries(fields).map(([name, type], i) => ({ name, type, word: Header.size + i })),
  ]),
) as unknown as Record<InstructionName, readonly FieldPlace[]>;
