import { type Engine, ops, type Plans, type Tensor, type Variable, variable } from 'wasm-distill/graph';

export type Extra = 'bias' | 'relu' | 'mask';

export interface Case {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
  extras: readonly Extra[];
}

interface Built extends Case {
  name: string;
  a: Variable<'f32'>;
  b: Variable<'f32'>;
  bias: Variable<'f32'>;
  mask: Variable<'f32'>;
  c: Variable<'f32'>;
  value: Tensor;
}

/** The greatest |error| allowed for an element, in units of Σ|a·b| (and |bias|): 8 roundings. */
const BOUND = 8 * 2 ** -24;
const TRANSPOSES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

export function allTransposes(m: number, n: number, k: number, extras: readonly Extra[] = []): Case[] {
  return TRANSPOSES.map(([transposeA, transposeB]) => ({ m, n, k, transposeA, transposeB, extras }));
}

/** A plan for each case. */
export function build(cases: readonly Case[]): { plans: Plans; built: Built[] } {
  const built = cases.map((c, i): Built => {
    const { m, n, k, transposeA, transposeB, extras } = c;
    const name = `${i}: ${m}x${n}, depth ${k}${transposeA ? ', Aᵀ' : ''}${transposeB ? ', Bᵀ' : ''} ${extras}`;
    const a = variable(`a${i}`, transposeA ? [k, m] : [m, k]);
    const b = variable(`b${i}`, transposeB ? [n, k] : [k, n]);
    const bias = variable(`bias${i}`, [n]);
    const mask = variable(`mask${i}`, [m, n]);
    let value = ops.matmul(a, b, { transposeA, transposeB });
    if (extras.includes('bias')) value = ops.add(value, bias);
    if (extras.includes('relu')) value = ops.relu(value);
    if (extras.includes('mask')) value = ops.mask(value, mask);
    return { ...c, name, a, b, bias, mask, c: variable(`c${i}`, [m, n]), value };
  });
  const plans = built.map(({ name, c, value }) => [name, [ops.assign(c, value)]] as const);
  return { plans: Object.fromEntries(plans), built };
}

/** The data of a case: normal-like numbers of both signs, the same for every engine. */
function dataOf({ a, b, bias, mask }: Built) {
  const random = generator(a.shape[0]! * 7919 + b.shape[1]! * 131 + a.shape[1]!);
  const make = (v: Variable) => Float32Array.from({ length: v.shape.reduce((x, y) => x * y, 1) }, random);
  const data = { a: make(a), b: make(b), bias: make(bias), mask: make(mask) };
  // Exactly 0 is masked out as well.
  for (let i = 0; i < data.mask.length; i += 5) data.mask[i] = 0;
  return data;
}

/** Runs every plan; answers the bytes of the results. */
export async function run(engine: Engine, { plans, built }: ReturnType<typeof build>): Promise<Buffer[]> {
  const session = await engine.load(plans);
  const results: Buffer[] = [];
  for (const one of built) {
    const data = dataOf(one);
    await session.write(one.a, data.a);
    await session.write(one.b, data.b);
    if (one.extras.includes('bias')) await session.write(one.bias, data.bias);
    if (one.extras.includes('mask')) await session.write(one.mask, data.mask);
    // What the result must overwrite.
    await session.write(one.c, new Float32Array(one.m * one.n).fill(Number.NaN));
    await session.run(one.name);
    results.push(Buffer.from((await session.read(one.c)).buffer));
  }
  await session.close();
  return results;
}

/** Compares elements (all of them, or about so many) with the definition in float64. */
export async function check(engine: Engine, cases: readonly Case[], samples = Infinity) {
  const made = build(cases);
  const results = await run(engine, made);
  const failures: string[] = [];
  for (const [i, one] of made.built.entries()) {
    const { m, n } = one;
    const got = new Float32Array(results[i]!.buffer, results[i]!.byteOffset, m * n);
    const data = dataOf(one);
    const random = generator(i + 1);
    const all = m * n <= samples;
    for (let s = 0; s < Math.min(m * n, samples); s++) {
      // The corners first, then anywhere.
      const corner = [0, n - 1, (m - 1) * n, m * n - 1][s];
      const e = all ? s : (corner ?? Math.floor(((random() + 2) / 4) * m * n));
      const { value, magnitude } = element(one, data, Math.floor(e / n), e % n);
      if (!(Math.abs(got[e]! - value) <= BOUND * magnitude)) {
        failures.push(`${one.name}: element ${e} is ${got[e]} instead of ${value}`);
        break;
      }
    }
  }
  return { failures, checked: made.built.length };
}

function element(one: Built, data: ReturnType<typeof dataOf>, i: number, j: number) {
  const { m, n, k, transposeA, transposeB, extras } = one;
  const { a, b } = data;
  const [firstA, stepA] = transposeA ? [i, m] : [i * k, 1];
  const [firstB, stepB] = transposeB ? [j * k, 1] : [j, n];
  let value = 0;
  let magnitude = 0;
  for (let p = 0; p < k; p++) {
    const term = a[firstA + p * stepA]! * b[firstB + p * stepB]!;
    value += term;
    magnitude += Math.abs(term);
  }
  if (extras.includes('bias')) {
    value += data.bias[j]!;
    magnitude += Math.abs(data.bias[j]!);
  }
  if (extras.includes('relu')) value = Math.max(value, 0);
  if (extras.includes('mask') && !(data.mask[i * n + j]! > 0)) return { value: 0, magnitude: 0 };
  return { value, magnitude };
}

/** Numbers in (-2, 2), denser around 0, from Lehmer's generator. */
function generator(seed: number): () => number {
  let state = 1 + ((seed * 48271) % 2147483646);
  const unit = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return () => Math.fround(unit() + unit() + unit() + unit() - 2);
}

/** 1 … n in a pseudo-random order. */
export function shuffled(n: number, seed: number): number[] {
  const random = generator(seed);
  const keys = Array.from({ length: n }, (_, i) => ({ value: i + 1, key: random() }));
  return keys.sort((x, y) => x.key - y.key).map(({ value }) => value);
}
