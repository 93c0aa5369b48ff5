import type { CompiledNode } from '../../../compiler/node.js';
import type { AttributesOf, BinaryKind, KdAttributes, UnaryKind } from '../../../graph/names.js';

/** What may follow a product or a convolution, in this order: + bias, ReLU, zero where the mask isn't positive. */
export interface Epilogue {
  readonly bias: boolean;
  readonly relu: boolean;
  readonly mask: boolean;
}

/** The nodes that this backend's fusions make, with the types of their attributes. */
export interface FusedAttributesOf {
  /** A product or convolution with its epilogue. Inputs [a, b, bias?, mask?]. */
  fusedMatmul: AttributesOf['matmul'] & Epilogue;
  fusedConv2d: AttributesOf['conv2d'] & Epilogue;
  fusedConv2dInput: AttributesOf['conv2dInput'] & Epilogue;
  /** A KD loss (part 0) and its gradient by the logits (part 1) in one pass. Inputs [logits, soft?, labels?, upstream]. */
  kdLossAndGradient: KdAttributes;
  /** A loss of angles (part 0) and its gradient (part 1) in one pass. Inputs as of the gradient. */
  angleLossAndGradient: AttributesOf['angleLossGradient'];
  /** Images times a number. */
  scaledImages: AttributesOf['gatherImages'] & { scale: number };
  /** Σ x² of each chunk of x. */
  partialSquares: Readonly<Record<string, never>>;
  /** Elementwise operators in sequence; the last one's result is the node's. */
  chain: ChainAttributes;
  /** A convolution's weights' gradient by groups of pixels, [groups, …]. */
  partialWeights: AttributesOf['conv2dWeight'];
  /** The weights' gradient of a depthwise convolution over fixed numbers of rows. Inputs [x, y's gradient]. */
  partialDepthwiseWeight: AttributesOf['depthwiseWeight'];
  /**
   * Sums over chunks of rows by channel, [1 or 2, chunks, c]. Inputs [x] for 'sum', [x, mean] for 'squares',
   * [x, mean, up] for 'centered', [x, mean, up, a, b] for 'masked'.
   */
  channelSums: { kind: 'sum' | 'squares' | 'centered' | 'masked'; chunks: RowChunks };
  /**
   * The gradient of a batch norm's input, by rows like the sums. Inputs [x, up, slope, mean, toVariance, toMean], with a
   * mask also a and b.
   */
  normGradient: { chunks: RowChunks };
  /** Row `part` of channelSums, its chunks added up and divided: [c]. */
  channelJoin: { part: number; divisor: number };
}

export interface ChainAttributes {
  /** What each input is: as long as the result, a vector that repeats every `period` elements, or one number. */
  readonly operands: readonly ('stream' | 'vector' | 'scalar')[];
  /** 0 without vectors. */
  readonly period: number;
  readonly steps: readonly ChainStep[];
}

export interface ChainStep {
  readonly kind: UnaryKind | BinaryKind | 'multiplyAdd' | 'multiplyAddRelu';
  /** The constant of scale, shift and leakyRelu. */
  readonly value: number;
  /** Input i of the node as i, the result of step j as the number of inputs + j. */
  readonly from: readonly number[];
}

/** How a tensor is seen as rows of whole pixels, in chunks. */
export interface RowChunks {
  /** Floats of a row. */
  readonly width: number;
  /** Rows of a chunk. */
  readonly rows: number;
  readonly count: number;
}

export type FusedName = keyof FusedAttributesOf;

export interface FusedNode<K extends FusedName = FusedName> extends CompiledNode {
  readonly op: K;
  readonly attributes: FusedAttributesOf[K];
}
