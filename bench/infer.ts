import { encodeInt8Model, encodeModel, type TrainedModel } from 'wasm-distill';
import { load, type Student } from 'wasm-distill/infer';
import type { Subject } from './measure.ts';
import type { Timing } from './peers/clock.mjs';
import { type Arrays, makeWork, referenceOutputs, type Work } from './peers/work.mjs';

/** Most that a probability may differ from the float64 reference's: rounding, and quantisation of 8 bits. */
const TOLERANCE = { f32: 1e-4, int8: 0.05 };

/** A batch-1 inference by wasm-distill/infer of the student (784-800-800-10) in f32 and in 8 bits. */
export async function studentSubjects(): Promise<{ f32: Subject; int8: Subject }> {
  const work = makeWork('infer-1');
  const [f32, int8] = await Promise.all([checkedStudent(work, 'f32'), checkedStudent(work, 'int8')]);
  return {
    f32: { name: 'infer-f32-1', run: () => void f32.predict(work.arrays.x) },
    int8: { name: 'infer-int8-1', run: () => void int8.predict(work.arrays.x) },
  };
}

/** Batch-1 inferences by wasm-distill/infer, as a peer is timed. */
export async function studentInference(work: Work): Promise<Timing> {
  const student = await checkedStudent(work, 'f32');
  return {
    kind: work.config.kind,
    steps: 0,
    subject: {
      run: (n) => {
        for (let i = 0; i < n; i++) student.predict(work.arrays.x);
      },
    },
  };
}

/** The work's model as the inference entry runs it, once its probabilities have been checked. */
async function checkedStudent(work: Work, kind: 'f32' | 'int8'): Promise<Student> {
  const { name, layers, batch } = work.config;
  const model = modelOf(layers, work.arrays);
  const student = await load(kind === 'f32' ? encodeModel(model) : encodeInt8Model(model));
  const expected = softmaxRows(referenceOutputs(work), layers.at(-1)!);
  check(`${name} ${kind}`, student, work.arrays.x, batch, expected, TOLERANCE[kind]);
  return student;
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
