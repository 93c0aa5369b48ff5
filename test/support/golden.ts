import {
  type Dataset,
  distill,
  type Engine,
  makeDataset,
  softTargets,
  train,
  weightsSha256,
} from 'wasm-distill';

/** Images that a few pixels' brightness tells apart, the same everywhere: no file is needed, so browsers can have them. */
export function syntheticData(size: number, classes = 10, side = 12): Dataset {
  let state = 12345;
  const random = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const labels = Uint8Array.from({ length: size }, () => random(classes));
  const images = new Uint8Array(size * side * side);
  images.forEach((_, i) => {
    const label = labels[Math.floor(i / (side * side))]!;
    const pixel = i % (side * side);
    images[i] = pixel % classes === label ? 100 + random(156) : random(120);
  });
  return makeDataset(
    { shape: [size, side, side], data: images },
    { shape: [size], data: labels },
    classes,
    'synthetic',
  );
}

/**
 * A short distillation that uses everything random and every reduction: jitter, dropout, max-norm, Adam, SGD, a last
 * batch that isn't full, an odd number of units. Answers the hashes of teacher and student.
 */
export async function trainGolden(engine: Engine): Promise<{ teacher: string; student: string }> {
  const data = syntheticData(533);
  const teacher = await train(engine, {
    architecture: { kind: 'mlp', layers: [144, 67, 45, 10] },
    data,
    epochs: 2,
    seed: 1,
    batch: 50,
    rate: 0.003,
    jitter: 2,
    dropout: { input: 0.1, hidden: 0.3 },
    optimizer: { kind: 'adam', decay: 1e-4, maxNorm: 2 },
  });
  const soft = await softTargets(engine, [teacher], data, { temperature: 4 });
  const architecture = { kind: 'mlp', layers: [144, 31, 10] } as const;
  const student = await distill(engine, {
    architecture,
    data,
    epochs: 3,
    seed: 2,
    batch: 64,
    soft,
    temperature: 4,
    unlabeled: 0.3,
  });
  return { teacher: await weightsSha256(teacher), student: await weightsSha256(student) };
}

/** What trainGolden answers on every engine, host and number of threads. A change here is a change of the promise. */
export const GOLDEN = {
  teacher: 'fe6717085cf5712f62daea5052b46da8837dcf19344966f6de7005d055abc5cf',
  student: '341ba3892971d9d40a40de8fbd3cecb349880132b96f09cc3c7f4007dc5b7463',
};
