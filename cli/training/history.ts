import * as v from 'valibot';
import { DistillError } from 'wasm-distill';
import { counted } from '../format/numbers.ts';

/** An epoch of a model's training. Its test errors are counted after the checkpoint that ends the epoch is written. */
const Epoch = v.object({
  epoch: v.number(),
  loss: v.number(),
  /** Of the training so far, interruptions left out. */
  seconds: v.number(),
  testErrors: v.optional(v.number()),
});
const Point = v.required(Epoch, ['testErrors']);

export type Epoch = v.InferOutput<typeof Epoch>;
export type Point = v.InferOutput<typeof Point>;

/** The epochs that a checkpoint records; the last may lack its test errors. */
export function readEpochs(values: unknown, file: string): Epoch[] {
  return readAs(v.array(Epoch), values, file);
}

/** The whole history, as it lies in the metadata of a finished model. */
export function readHistory(text: string | undefined, file: string): Point[] {
  return readAs(v.pipe(v.string(), v.parseJson(), v.array(Point), v.nonEmpty()), text, file);
}

function readAs<S extends v.GenericSchema>(schema: S, value: unknown, file: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new DistillError(
    'bad-file',
    `${file}: the training history in its metadata can't be read: train again without --resume`,
  );
}

export function errorsOf(history: readonly Point[]): string {
  return counted(history.at(-1)!.testErrors, 'test error');
}
