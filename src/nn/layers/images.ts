import { demand } from '../../errors.js';
import type { Shape } from '../../graph/shape.js';
import type { Tensor } from '../../graph/tensor.js';
import { add } from '../../ops/binary.js';
import type { ParameterSpec, Variables } from './layer.js';

/**
 * The height, width and channels of an input.
 * @throws DistillError 'bad-argument' for an input of another rank; `what` says whose.
 */
export function imageOf(input: Shape, what: string): readonly [number, number, number] {
  demand(
    input.length === 3,
    () =>
      `${what} takes images of [height, width, channels], but its input is [${input}]: ${input.length === 1 ? 'give the network an input such as 28x28x1, and put it before flatten, gap and dense' : 'give the network an input such as 28x28x1'}`,
  );
  return input as unknown as readonly [number, number, number];
}

/** The bias of a layer by output channel, unless the layer has none. */
export function biasOf(channels: number, fanIn: number, has = true): ParameterSpec[] {
  return has ? [{ suffix: 'bias', shape: [channels], role: 'bias', fanIn, begins: 0 }] : [];
}

/** x […, channels] plus the layer's bias, if it has one. */
export function withBias(x: Tensor, { bias }: Variables): Tensor {
  return bias ? add(x, bias) : x;
}
