import { createEngine, makeDataset, train, weightsSha256 } from 'wasm-distill';
import { load } from 'wasm-distill/infer';

/**
 * What every consumer does, its files being the same everywhere: trains a tiny model on two threads, or on one where the
 * page can't have more, and asks a saved student about an image.
 */
export async function work(student, options) {
  const engine = await createEngine({
    threads: globalThis.crossOriginIsolated === false ? 'auto' : 2,
    ...options,
  });
  try {
    const model = await train(engine, {
      architecture: { kind: 'mlp', layers: [16, 12, 3] },
      data: stripes(200),
      epochs: 2,
      seed: 1,
    });
    const { label, probabilities } = (await load(student)).predict(new Float32Array(16).fill(0.5));
    return {
      threads: engine.threads,
      weightsSha256: await weightsSha256(model),
      label,
      probabilities: [...probabilities],
    };
  } finally {
    await engine.close();
  }
}

/** Images of 4 × 4 pixels of three classes: every third pixel is bright, and the class says which. */
function stripes(size) {
  const labels = Uint8Array.from({ length: size }, (_, i) => (i * 7) % 3);
  const images = Uint8Array.from({ length: size * 16 }, (_, i) => {
    const label = labels[Math.floor(i / 16)];
    return ((i % 16) % 3 === label ? 150 : 0) + ((i * 31) % 100);
  });
  return makeDataset({ shape: [size, 4, 4], data: images }, { shape: [size], data: labels }, 3, 'stripes');
}
