import { type Shape, size } from '../../graph/shape.js';
import type { Plans, Tensor, Variable } from '../../graph/tensor.js';
import { topological } from '../../graph/topology.js';
import type { Values } from '../backend.js';

/**
 * Values for variables of which nothing is known: numbers between 0 and 1, of which any function can be taken, bytes,
 * and whole numbers that every operator of the plans takes as labels and as places. From Lehmer's generator.
 */
export function drawn(plans: Plans, variables: Iterable<Variable>, seed: number): Map<Variable, Values> {
  const most = leastRows(plans);
  let state = (seed % 2147483646) + 1;
  const below = (n: number) => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * n;
  };
  return new Map(
    [...variables].map((variable) => [variable, filled(variable, () => below(factor(variable, most)))]),
  );
}

const factor = ({ dtype }: Variable, most: number): number =>
  dtype === 'f32' ? 1 : dtype === 'u8' ? 256 : most;

/** Arrays of whole numbers cut off what is behind the point. */
function filled({ shape, dtype }: Variable, next: () => number): Values {
  const values = new { f32: Float32Array, u8: Uint8Array, i32: Int32Array }[dtype](size(shape));
  for (let i = 0; i < values.length; i++) values[i] = next();
  return values;
}

/** How many rows or classes there are at least wherever whole numbers count them. */
function leastRows(plans: Plans): number {
  const effects = Object.values(plans).flat();
  const read = topological<Tensor>(effects.flatMap(({ inputs }) => inputs)).map(rowsOf);
  const written = effects.filter(({ effect }) => effect === 'rowsWrite');
  return Math.min(2 ** 16, ...read, ...written.map(({ targets }) => first(targets[0]!.shape)));
}

function rowsOf(node: Tensor): number {
  const [x] = node.inputs;
  switch (node.op) {
    case 'gather':
    case 'gatherImages':
      return first(x!.shape);
    case 'oneHot':
      return node.attributes.classes;
    case 'kdLoss':
    case 'kdLossGradient':
      return x!.shape[1]!;
    default:
      return Infinity;
  }
}

const first = ([rows]: Shape): number => rows!;

/** How far `got` is from `expected` at most, as a share of the scale at each place; what is subnormal counts as 0. */
export function worstOf(got: Values, expected: Values, scale: (i: number) => number): number {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [got[i]!, expected[i]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const apart = Math.abs(a - b);
    if (!Number.isFinite(apart)) return Infinity;
    if (apart >= LEAST_NORMAL) worst = Math.max(worst, apart / scale(i));
  }
  return worst;
}

/** GPUs may take smaller numbers for 0. */
const LEAST_NORMAL = 2 ** -126;

/** The largest finite magnitude. */
export function largest(values: Values): number {
  let most = 0;
  for (const v of values) if (Number.isFinite(v)) most = Math.max(most, Math.abs(v));
  return most;
}
