import type { Samples } from '../../data/dataset.js';
import type { OnnxType } from '../../formats/onnx/model.js';
import { size as sizeOf } from '../../graph/shape.js';
import { floatsOf } from './answers.js';
import { type InputPlan, type OnnxInput, planInput } from './input-plan.js';
import type { Link } from './link.js';
import { prepare, type Scaling } from './prepare.js';
import type { RawTensor } from './worker/protocol.js';

/** What a graph takes, and how samples become that. */
export interface Taking extends Scaling {
  readonly input: OnnxInput;
  readonly layout?: 'nchw' | 'nhwc' | undefined;
  readonly size?: readonly [number, number] | undefined;
  /** What sentences call the model. */
  readonly name: string;
}

/** A graph that has been opened in a worker. */
export class GraphRunner {
  constructor(
    readonly link: Link,
    private readonly taking: Taking,
    /** How many samples the graph takes at once: any number, or exactly so many. */
    readonly batch: 'any' | number,
  ) {}

  plan({ shape }: Pick<Samples, 'shape'>): InputPlan {
    const { input, name, layout, size } = this.taking;
    return planInput(input, shape, { layout, size }, name);
  }

  /** What is inside for one sample, as run() answers it: maps [height, width, channels], whatever the graph's layout. */
  async shapeOf(samples: Samples, output: string, signal?: AbortSignal): Promise<readonly number[]> {
    const one = { shape: samples.shape, values: samples.values.slice(0, sizeOf(samples.shape)) };
    const filled =
      this.batch === 'any'
        ? one
        : filledUp(one, { first: 0, n: 1, batch: this.batch, each: sizeOf(one.shape) });
    const { dims } = await this.#tensor(filled, output, signal);
    const [, ...shape] = dims;
    return this.#hasChannelsFirst(dims, samples) ? [shape[1]!, shape[2]!, shape[0]!] : shape;
  }

  /** An output's numbers for some samples, as many for each, maps with their channels last. @throws DistillError */
  async run(samples: Samples, output: string, signal?: AbortSignal): Promise<Float32Array> {
    const { batch } = this;
    const each = sizeOf(samples.shape);
    const count = samples.values.length / each;
    if (batch === 'any') return this.#ask(samples, output, signal);
    const parts: Float32Array[] = [];
    for (let first = 0; first < count; first += batch) {
      const n = Math.min(batch, count - first);
      const some = filledUp(samples, { first, n, batch, each });
      const found = await this.#ask(some, output, signal);
      parts.push(found.subarray(0, (found.length / batch) * n));
    }
    return joined(parts);
  }

  async #ask(samples: Samples, output: string, signal: AbortSignal | undefined): Promise<Float32Array> {
    const tensor = await this.#tensor(samples, output, signal);
    const n = samples.values.length / sizeOf(samples.shape);
    const values = floatsOf(tensor, n, `the output ${output} of ${this.taking.name}`);
    return this.#hasChannelsFirst(tensor.dims, samples) ? channelsLast(values, tensor.dims) : values;
  }

  async #tensor(samples: Samples, output: string, signal: AbortSignal | undefined): Promise<RawTensor> {
    const { input, name } = this.taking;
    const type: OnnxType | undefined = input.type;
    const tensor = prepare(samples, this.plan(samples), this.taking, type, name);
    const request = { kind: 'run', input: input.name, tensor, outputs: [output] } as const;
    const { tensors } = await this.link.ask(request, signal);
    return tensors[0]!;
  }

  #hasChannelsFirst(dims: readonly number[], samples: Samples): boolean {
    return dims.length === 4 && this.plan(samples).layout === 'nchw';
  }
}

/** Some samples, the last of them repeated until they are as many as the graph takes. */
function filledUp(
  { shape, values }: Samples,
  { first, n, batch, each }: { first: number; n: number; batch: number; each: number },
): Samples {
  if (n === batch) return { shape, values: values.subarray(first * each, (first + n) * each) };
  const Values = values.BYTES_PER_ELEMENT === 1 ? Uint8Array : Float32Array;
  const filled = new Values(batch * each);
  for (let i = 0; i < batch; i++) {
    const from = (first + Math.min(i, n - 1)) * each;
    filled.set(values.subarray(from, from + each), i * each);
  }
  return { shape, values: filled };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** [n, channels, height, width] → [n, height, width, channels] */
function channelsLast(values: Float32Array, [n, channels, height, width]: readonly number[]): Float32Array {
  const pixels = height! * width!;
  const moved = new Float32Array(values.length);
  for (let image = 0; image < n!; image++)
    for (let c = 0; c < channels!; c++) {
      const from = (image * channels! + c) * pixels;
      const to = image * channels! * pixels + c;
      for (let p = 0; p < pixels; p++) moved[to + p * channels!] = values[from + p]!;
    }
  return moved;
}
