import * as ort from 'onnxruntime-web/wasm';

/** Outputs by name, of all samples in a row. */
export type Outputs = Record<string, Float32Array>;

/** A model that onnxruntime-web runs. */
export interface Running {
  /** Over samples [n, …sample], in batches of a size. */
  run(values: Float32Array, sample: readonly number[], batch: number): Promise<Outputs>;
  close(): Promise<void>;
}

export async function openOnnx(bytes: Uint8Array): Promise<Running> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes);
  return {
    run: async (values, sample, batch) => {
      const size = sample.reduce((product, length) => product * length, 1);
      const parts: Record<string, Float32Array[]> = {};
      for (let first = 0; first < values.length; first += batch * size) {
        const some = values.slice(first, first + batch * size);
        const input = new ort.Tensor('float32', some, [some.length / size, ...sample]);
        const made = await session.run({ [session.inputNames[0]!]: input });
        for (const [name, { data }] of Object.entries(made))
          parts[name] = [...(parts[name] ?? []), data as Float32Array];
      }
      return Object.fromEntries(Object.entries(parts).map(([name, each]) => [name, joined(each)]));
    },
    close: () => session.release(),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
