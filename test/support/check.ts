import { gradients } from '#library/autodiff/gradients.js';
import { rules } from '#library/autodiff/rules.js';
import type { Engine } from '#library/backends/backend.js';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { apply } from '#library/graph/apply.js';
import type { OpName } from '#library/graph/names.js';
import { size } from '#library/graph/shape.js';
import { fill, type Tensor, type Variable, variable } from '#library/graph/tensor.js';
import { add, multiply } from '#library/ops/binary.js';
import { assign } from '#library/ops/effects.js';
import { operators } from '#library/ops/index.js';
import type { Case, CaseInput } from '#library/ops/operator.js';
import { sumTo } from '#library/ops/reduce.js';

/**
 * The one test of all operators, run in Node and in browsers: each declared case's forward pass and gradient in an
 * engine against the float64 reference.
 */
export interface OperatorCheck {
  /** A sentence for each thing that is wrong. */
  failures: string[];
  cases: number;
  /** The bits of every output, for comparing engines. */
  bits: Int32Array<ArrayBuffer>[];
}

/** What a test of the reference's gradients found. */
export interface DerivativeCheck {
  failures: string[];
  checks: number;
}

const RANDOM = { seed: 7, step: 3 };

interface Prepared {
  name: string;
  inputs: Variable[];
  data: Map<Tensor, number[]>;
  outputs: { what: string; value: Tensor; target: Variable; expected: Float64Array }[];
  tolerance: number;
}

/** By operator and whether with gradients: what is expected is the same in every engine. */
const preparedCases = new Map<string, Prepared[]>();

/** Whether the operator has a rule of its own for gradients. */
export function differentiable(op: OpName): boolean {
  return typeof rules[op] === 'function';
}

/** `forward`: without gradients, which other operators compute, whose cases are their own. */
export async function checkOperator<K extends OpName>(
  engine: Engine,
  op: K,
  { forward = false } = {},
): Promise<OperatorCheck> {
  const prepared = casesOf(op, !forward && differentiable(op));
  const result: OperatorCheck = { failures: [], cases: prepared.length, bits: [] };
  const plans = prepared.map(
    (p) => [p.name, p.outputs.map(({ value, target }) => assign(target, value))] as const,
  );
  const session = await engine.load(Object.fromEntries(plans));
  for (const p of prepared) {
    for (const input of p.inputs)
      if (session.has(input)) await session.write(input, typed(input, p.data.get(input)!));
    await session.run(p.name, { from: RANDOM.step, seed: RANDOM.seed });
    for (const { what, target, expected } of p.outputs) {
      const got = await session.read(target);
      result.bits.push(new Int32Array(got.buffer as ArrayBuffer));
      compare(`${p.name} ${what}`, got, expected, p.tolerance, result.failures);
    }
  }
  await session.close();
  return result;
}

/** The float64 reference's gradients, first and second, of each declared case against central differences of it. */
export function checkDerivatives(op: OpName): DerivativeCheck {
  const result: DerivativeCheck = { failures: [], checks: 0 };
  for (const p of casesOf(op, true)) result.checks += checkDifferences(p, result.failures);
  return result;
}

function casesOf<K extends OpName>(op: K, withGradients: boolean): Prepared[] {
  const key = `${op} ${withGradients}`;
  let cases = preparedCases.get(key);
  if (!cases) {
    cases = operators[op].cases().map((c, i) => prepare(op, c, i, withGradients));
    preparedCases.set(key, cases);
  }
  return cases;
}

function prepare<K extends OpName>(
  op: K,
  { inputs, attributes, tolerance = 3e-5 }: Case<K>,
  index: number,
  withGradients: boolean,
): Prepared {
  const variables = inputs.map(({ shape, dtype = 'f32' }, i) =>
    variable(`case${index}.input${i}`, shape, dtype),
  );
  const data = new Map<Tensor, number[]>(
    variables.map((v, i) => [v, makeData(inputs[i]!, size(v.shape), index * 10 + i)]),
  );
  const node = apply(operators[op].rule, variables, attributes);
  const values: [string, Tensor][] = [['forward', node]];
  if (withGradients) {
    const floats = variables.filter((v) => v.dtype === 'f32');
    gradients(weighted(node), floats).forEach((g, i) => {
      values.push([`gradient of input ${i}`, g]);
    });
  }
  const expected = evaluateReference(
    values.map(([, value]) => value),
    data,
    RANDOM,
  );
  const outputs = values.map(([what, value], i) => ({
    what,
    value,
    target: variable(`case${index}.out${i}`, value.shape, value.dtype),
    expected: expected[i]!,
  }));
  return {
    name: `${op} ${index} [${inputs.map((i) => `${i.shape}`).join('] [')}] ${JSON.stringify(attributes)}`,
    inputs: variables,
    data,
    outputs,
    tolerance,
  };
}

/** A scalar that depends on every element in its own way, so that no gradient cancels. */
function weighted(x: Tensor): Tensor {
  const n = size(x.shape);
  const rows = Array.from({ length: Math.min(n, 5) }, (_, i) => Math.sin(i + 1));
  const scale = rows.reduce((a, b) => a + b, 0);
  return sumTo(multiply(add(multiply(x, fill(0.5, x.shape)), multiply(x, x)), fill(scale, x.shape)), []);
}

/** At some of the elements; the number of them. */
function checkDifferences(p: Prepared, failures: string[]): number {
  const floats = p.inputs.filter((v) => v.dtype === 'f32');
  if (floats.length === 0) return 0;
  const scalar = weighted(p.outputs[0]!.value);
  const first = gradients(scalar, floats);
  const scalar2 = first.map(weighted).reduce(add);
  const second = gradients(scalar2, floats);
  let checks = 0;
  for (const [what, f, derivative] of [
    ['first', scalar, first],
    ['second', scalar2, second],
  ] as const) {
    const analytic = evaluateReference(derivative, p.data, RANDOM);
    const scale = Math.max(1, Math.abs(evaluateReference([f], p.data, RANDOM)[0]![0]!));
    for (const [i, input] of floats.entries()) {
      for (const element of sampled(size(input.shape))) {
        const numeric = difference(f, p.data, input, element);
        const got = analytic[i]![element]!;
        if (!(Math.abs(got - numeric) <= 1e-6 * scale + 2e-4 * Math.abs(numeric)))
          failures.push(
            `${p.name}: ${what} derivative of input ${i}[${element}] is ${got}, by differences ${numeric}`,
          );
        checks++;
      }
    }
  }
  return checks;
}

function difference(f: Tensor, data: Map<Tensor, number[]>, input: Variable, element: number): number {
  const at = (offset: number) => {
    const moved = [...data.get(input)!];
    moved[element]! += offset;
    return evaluateReference([f], new Map([...data, [input, moved]]), RANDOM)[0]![0]!;
  };
  const h = 1e-5;
  return (at(h) - at(-h)) / (2 * h);
}

function sampled(n: number): number[] {
  const count = Math.min(n, n > 1000 ? 3 : 12);
  return Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}

function compare(
  what: string,
  got: ArrayLike<number>,
  expected: Float64Array,
  tolerance: number,
  failures: string[],
): void {
  if (got.length !== expected.length)
    failures.push(`${what}: ${got.length} elements instead of ${expected.length}`);
  const magnitude = 1 + expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(got[i]! - expected[i]!) <= tolerance * magnitude)) {
      failures.push(`${what}[${i}] is ${got[i]} instead of ${expected[i]}`);
      return;
    }
  }
}

function typed({ dtype }: Variable, values: readonly number[]): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'u8') return Uint8Array.from(values);
  return dtype === 'i32' ? Int32Array.from(values) : Float32Array.from(values);
}

/** Test data, representable in f32, from a small generator of their own (Lehmer's). */
function makeData({ data = 'normal', shape }: CaseInput, n: number, seed: number): number[] {
  let state = seed * 7919 + 12345;
  const unit = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const make = (f: () => number) => Array.from({ length: n }, () => Math.fround(f()));
  if (data === 'normal') return make(() => unit() + unit() + unit() + unit() - 2);
  if (data === 'positive') return make(() => 0.3 + unit());
  if (data === 'bytes') return make(() => Math.floor(unit() * 256));
  if (data === 'probabilities') {
    const columns = shape.at(-1)!;
    const raw = make(() => 0.01 + unit());
    return raw.map((v, i) => {
      const row = Math.floor(i / columns) * columns;
      return Math.fround(v / raw.slice(row, row + columns).reduce((a, b) => a + b, 0));
    });
  }
  const limit = 'labels' in data ? data.labels : data.indices;
  // One in ten is −1: unlabeled, or a row that is filled up.
  return make(() => (unit() < 0.1 ? -1 : Math.floor(unit() * limit)));
}
