import { DistillError } from '../../errors.js';
import type { OnnxDescription } from '../../formats/onnx/describe.js';
import type { OnnxType } from '../../formats/onnx/model.js';

export type AnswerKind = 'logits' | 'probabilities';

export type OnnxOutput = OnnxDescription['outputs'][number];

/** An output to be taught by: `kind` as far as the graph tells it. */
export interface ChosenOutput {
  readonly name: string;
  readonly kind: AnswerKind | undefined;
  readonly type: OnnxType | undefined;
}

const FLOATS: readonly (OnnxType | undefined)[] = ['f32', 'f64', 'f16', undefined];

/**
 * The output named, which may be a tensor inside the graph; else logits before probabilities, and among equals the first.
 * @throws DistillError 'mismatch' where there is none, 'bad-argument' for a name that the graph doesn't have
 */
export function chooseOutput(
  { outputs, hidden }: Pick<OnnxDescription, 'outputs' | 'hidden'>,
  wanted: string | undefined,
  model: string,
): ChosenOutput {
  if (wanted !== undefined) {
    const found = outputs.find(({ name }) => name === wanted);
    if (found?.kind === 'labels') throw labelsAlone(model, [wanted]);
    if (found) return { name: wanted, kind: found.kind as AnswerKind | undefined, type: found.type };
    if (hidden.some(({ name }) => name === wanted)) return { name: wanted, kind: undefined, type: undefined };
    throw new DistillError(
      'bad-argument',
      `${model} has no output ${JSON.stringify(wanted)}: there are ${outputs.map(({ name }) => name).join(', ')}, and tensors inside, which info lists`,
    );
  }
  const fit = outputs.filter(({ kind, type }) => kind !== 'labels' && FLOATS.includes(type));
  const best = [...fit].sort((a, b) => rank(a) - rank(b))[0];
  if (!best)
    throw labelsAlone(
      model,
      outputs.map(({ name }) => name),
    );
  return { name: best.name, kind: best.kind as AnswerKind | undefined, type: best.type };
}

function rank({ kind, name }: OnnxOutput): number {
  if (kind === 'logits' || /logit/i.test(name)) return 0;
  return kind === 'probabilities' || /prob|softmax/i.test(name) ? 1 : 2;
}

function labelsAlone(model: string, outputs: readonly string[]): DistillError {
  return new DistillError(
    'mismatch',
    `${model} only answers labels (${outputs.join(', ')}), from which nothing can be distilled: export it with its probabilities or logits too`,
  );
}

/** How far from 1 the sum of a row of probabilities may be. */
const NEAR_ONE = 1e-3;

export function isDistribution(row: Float32Array): boolean {
  let sum = 0;
  for (const p of row) {
    if (!(p >= 0)) return false;
    sum += p;
  }
  return Math.abs(sum - 1) <= NEAR_ONE;
}

/**
 * Whether an output holds logits or probabilities: as the user says, else as its first values and its operator tell.
 * @throws DistillError 'mismatch' for probabilities of classes that don't exclude each other
 */
export function kindOf(
  { name, kind }: ChosenOutput,
  values: Float32Array,
  columns: number,
  given: AnswerKind | undefined,
  model: string,
): AnswerKind {
  if (given) return given;
  if (columns === 1) return kind ?? (/prob|sigmoid/i.test(name) ? 'probabilities' : 'logits');
  const rows = Array.from({ length: values.length / columns }, (_, i) =>
    values.subarray(i * columns, (i + 1) * columns),
  );
  if (rows.every(isDistribution)) return 'probabilities';
  if (kind !== 'probabilities') return 'logits';
  throw new DistillError(
    'mismatch',
    `the output ${name} of ${model} holds probabilities that don't sum to 1, of classes that don't exclude each other: name what comes before as the output, or say that its kind is probabilities, which are then divided by their sum`,
  );
}
