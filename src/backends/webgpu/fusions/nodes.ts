import type { AttributesOf, BinaryKind, KdAttributes, UnaryKind } from '../../../graph/names.js';
import type { View } from '../../../ops/view.js';
import type { Epilogue } from '../../fusions/epilogue.js';

/** The nodes that this backend's fusions make, with the types of their attributes. */
export interface FusedAttributesOf {
  /** A product or convolution with its epilogue. Inputs [a, b, bias?, mask?]. */
  fusedMatmul: AttributesOf['matmul'] & Epilogue;
  fusedConv2d: AttributesOf['conv2d'] & Epilogue;
  fusedConv2dInput: AttributesOf['conv2dInput'] & Epilogue;
  /** A KD loss (part 0) and its gradient by the logits (part 1). Inputs [logits, soft?, labels?, upstream]. */
  kdLossAndGradient: KdAttributes;
  /** An angle loss (part 0) and the gradients of the student's parts (part 1). */
  angleLossAndGradient: AttributesOf['angleLoss'];
  /** Images times a number. */
  scaledImages: AttributesOf['gatherImages'] & { readonly scale: number };
  /** This step's row of an array that the plan only reads. */
  row: AttributesOf['stepRead'];
  /** Elementary operators and views of their inputs, in one dispatch. */
  elementwise: { readonly expression: Expression };
  /** A reduction over such an expression, of this shape. */
  reducedElementwise: AttributesOf['reduce'] & {
    readonly expression: Expression;
    readonly shape: readonly number[];
  };
}

/** What an element is computed from. */
export type Expression =
  /** Input number `input`, seen through a view of the shape that the expression is evaluated over. */
  | { readonly kind: 'input'; readonly input: number; readonly view: View }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'unary'; readonly op: UnaryKind; readonly value: number; readonly of: Expression }
  | { readonly kind: 'binary'; readonly op: BinaryKind; readonly a: Expression; readonly b: Expression };

export type FusedName = keyof FusedAttributesOf;
