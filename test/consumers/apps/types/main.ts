import { createEngine, custom, decodeModel, type TrainOptions, train, weightsSha256 } from 'wasm-distill';
import { ops } from 'wasm-distill/graph';
import { load, type Prediction } from 'wasm-distill/infer';

/** Names and types that a consumer uses, for its compiler alone. */
export async function work(options: TrainOptions, bytes: Uint8Array): Promise<string> {
  await using engine = await createEngine({ threads: 'auto' });
  const objective = custom(({ student, labels }) =>
    ops.sum(ops.square(ops.subtract(student.logits, ops.oneHot(labels, 10))), 1),
  );
  const model = await train(engine, { ...options, objective });
  const { label, probabilities }: Prediction = (await load(bytes)).predict(new Float32Array(784));
  // @ts-expect-error A label is a number: the types aren't `any`.
  const wrong: string = label;
  return `${await weightsSha256(model)} ${probabilities.length} ${wrong} ${decodeModel(bytes, 'student').model.architecture.input.shape}`;
}
