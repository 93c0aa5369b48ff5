import type { OnnxLayout } from '../../formats/onnx/describe.js';
import type { OnnxValue } from '../../formats/onnx/model.js';
import type { AnswerKind } from './outputs.js';
import type { RuntimeName } from './worker/protocol.js';

/** What was understood of a graph that teaches, and what was assumed. */
export interface OnnxTeacherFacts {
  /** As the file has it. */
  readonly input: OnnxValue;
  /** Of one sample as the model takes it: [3, 32, 32]. */
  readonly takes: readonly number[];
  /** Where it has the channels of images; undefined: its samples are no images. */
  readonly layout: OnnxLayout | undefined;
  /** What bytes are divided by first: 1 where the model does it itself, as students exported by this library do. */
  readonly unit: 1 | 255;
  /** Subtracted from values, and what they are divided by. */
  readonly mean: number | readonly number[];
  readonly std: number | readonly number[];
  /** `kind`: what the output holds; logarithms are taken of probabilities. `columns`: 1 tells of two classes. */
  readonly output: { readonly name: string; readonly kind: AnswerKind; readonly columns: number };
  /** How many samples run at once: any number, or exactly so many, as the file wants it. */
  readonly batch: 'any' | number;
  /** `reproducible`: whether its bits are the same on other machines, as far as that was tried. */
  readonly runtime: { readonly name: RuntimeName; readonly version: string; readonly reproducible: boolean };
  /** The tensor that is asked for hints. */
  readonly features: string | undefined;
  /** Of it for one sample, maps as [height, width, channels]: what hints() of its numbers are told. */
  readonly featuresShape?: readonly number[] | undefined;
  /** Numbers in its weights; undefined where it has none as tensors, as trees. */
  readonly parameters: number | undefined;
  /** Of its convolutions and products, for one sample; undefined where the graph doesn't tell. */
  readonly multiplyAdds: number | undefined;
  /** The model's, with the files beside it. */
  readonly bytes: number;
}
