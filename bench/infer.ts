import { encodeInt8Model, encodeModel, type TrainedModel } from 'wasm-distill';
import { load, type Student } from 'wasm-distill/infer';
import type { Subject } from './measure.ts';
import { type Arrays, makeWork, referenceOutputs } from './peers/work.mjs';

/** Most that a probability may differ from the float64 reference's: rounding, and quantisation of 8 bits. */
const TOLERANCE = { f32: 1e-4, int8: 0.05 };

/**
 * wasm-distill/infer on the peers' works infer-1 and infer-128 (784-800-800-10): f32 and 8-bit, each at batch 1 and 128.
 * Names are `infer-f32-1` and the like; a call is one prediction. Their results are checked first.
 */
export async function inferSubjects(): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const name of ['infer-1', 'infer-128']) {
    const work = makeWork(name);
    const { layers, batch } = work.config;
    const { x } = work.arrays;
    const model = modelOf(layers, work.arrays);
    const expected = softmaxRows(referenceOutputs(work), layers.at(-1)!);
    for (const kind of ['f32', 'int8'] as const) {
      const student = await load(kind === 'f32' ? encodeModel(model) : encodeInt8Model(model));
      const run = batch === 1 ? () => void student.predict(x) : () => void student.predictBatch(x, batch);
      check(`${name} ${kind}`, student, x, batch, expected, TOLERANCE[kind]);
      subjects.push({ name: `infer-${kind}-${batch}`, run });
    }
  }
  return subjects;
}

function modelOf(layers: number[], arrays: Arrays): TrainedModel {
  const weights = arrays.layers.flatMap(({ w, b }, i): [string, Float32Array][] => [
    [`layer${i + 1}.weight`, w],
    [`layer${i + 1}.bias`, b],
  ]);
  return { architecture: { kind: 'mlp', layers }, weights: new Map(weights) };
}

function softmaxRows(logits: Float64Array, classes: number): Float64Array {
  const exps = logits.map(Math.exp);
  return exps.map((e, i) => {
    const first = i - (i % classes);
    return e / exps.subarray(first, first + classes).reduce((sum, each) => sum + each, 0);
  });
}

function check(
  what: string,
  student: Student,
  x: Float32Array,
  batch: number,
  expected: Float64Array,
  tolerance: number,
): void {
  const { probabilities } = student.predictBatch(x, batch);
  probabilities.forEach((p, i) => {
    if (!(Math.abs(p - expected[i]!) <= tolerance))
      throw new Error(`${what}: probability ${i} is ${p} instead of ${expected[i]}`);
  });
}
