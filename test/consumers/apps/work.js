import {
  createEngine,
  custom,
  distill,
  makeDataset,
  mlp,
  softTargets,
  train,
  weightsSha256,
} from 'wasm-distill';
import { ops } from 'wasm-distill/graph';
import { load } from 'wasm-distill/infer';
import { entries } from './entries.js';

/**
 * What every consumer does, its files being the same everywhere: trains a tiny teacher on two threads, or on one where the
 * page can't have more, distills it, and asks a saved student about an image.
 */
export async function work(student, options) {
  const engine = await createEngine({
    threads: globalThis.crossOriginIsolated === false ? 'auto' : 2,
    ...options,
  });
  try {
    const data = stripes(200);
    const learning = { architecture: mlp([16, 12, 3]), data, epochs: 2, seed: 1 };
    const teacher = await train(engine, { ...learning, objective: custom(squares) });
    const soft = await softTargets(engine, [teacher], data, { temperature: 2 });
    const model = await distill(engine, { ...learning, soft, temperature: 2 });
    const { label, probabilities } = (await load(student)).predict(new Uint8Array(16).fill(128));
    return {
      threads: engine.threads,
      weightsSha256: await weightsSha256(model),
      label,
      probabilities: [...probabilities],
      entries,
    };
  } finally {
    await engine.close();
  }
}

/** Regression on one-hot targets: a loss of the consumer's own, from another entry than what trains with it. */
function squares({ student, labels }) {
  return ops.sum(ops.square(ops.subtract(student.logits, ops.oneHot(labels, 3))), 1);
}

/** Images of 4 × 4 pixels of three classes: every third pixel is bright, and the class says which. */
function stripes(size) {
  const labels = Int32Array.from({ length: size }, (_, i) => (i * 7) % 3);
  const values = Uint8Array.from({ length: size * 16 }, (_, i) => {
    const label = labels[Math.floor(i / 16)];
    return ((i % 16) % 3 === label ? 150 : 0) + ((i * 31) % 100);
  });
  return makeDataset({ inputs: { shape: [4, 4, 1], values }, labels, classes: 3, name: 'stripes' });
}
