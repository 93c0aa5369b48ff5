import type { Samples } from '../../data/dataset.js';
import type { OnnxType } from '../../formats/onnx/model.js';
import { size as sizeOf } from '../../graph/shape.js';
import { floatsOf } from './answers.js';
import { type InputPlan, type OnnxInput, planInput } from './input-plan.js';
import type { Link } from './link.js';
import { prepare, type Scaling } from './prepare.js';

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

  /** An output's numbers for some samples, as many for each. @throws DistillError */
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
    const { input, name } = this.taking;
    const type: OnnxType | undefined = input.type;
    const tensor = prepare(samples, this.plan(samples), this.taking, type, name);
    const request = { kind: 'run', input: input.name, tensor, outputs: [output] } as const;
    const { tensors } = await this.link.ask(request, signal);
    return floatsOf(tensors[0]!, tensor.dims[0]!, `the output ${output} of ${name}`);
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
