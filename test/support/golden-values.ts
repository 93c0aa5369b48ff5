import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type Engine, ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';

/** An array of test/fixtures, row-major. */
export interface Numbers {
  shape: number[];
  data: number[];
}

/** A file of golden values, which a script under scripts/ made with PyTorch. */
export function readGolden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8'));
}

/** A variable and what it holds. */
export interface Input {
  variable: Variable<'f32' | 'i32'>;
  values: Float32Array | Int32Array;
}

export function input({ shape, data }: Numbers, dtype: 'f32' | 'i32' = 'f32'): Input {
  const values = dtype === 'i32' ? Int32Array.from(data) : Float32Array.from(data);
  return { variable: variable('input', shape, dtype), values };
}

/** The values of tensors, all computed in one plan; without an engine by the float64 reference, not rounded. */
export async function evaluate(
  engine: Engine | undefined,
  inputs: readonly Input[],
  tensors: readonly Tensor[],
): Promise<ArrayLike<number>[]> {
  if (!engine) return evaluateReference(tensors, new Map(inputs.map((i) => [i.variable, i.values])));
  const outputs = tensors.map(({ shape }, i) => variable(`output${i}`, shape));
  const effects = tensors.map((tensor, i) => ops.assign(outputs[i]!, tensor));
  const session = await engine.load({ run: effects });
  for (const { variable: v, values } of inputs) if (session.has(v)) await session.write(v, values);
  await session.run('run');
  const results: Float32Array[] = [];
  for (const output of outputs) results.push(await session.read(output));
  await session.close();
  return results;
}

/** Every |error| is at most tolerance·max(1, |value|). */
export function expectClose(
  got: ArrayLike<number>,
  expected: readonly number[],
  tolerance: number,
  what = '',
): void {
  expect(got.length).toBe(expected.length);
  const wrong = expected.flatMap((value, i) =>
    Math.abs(got[i]! - value) <= tolerance * Math.max(1, Math.abs(value))
      ? []
      : [`${what}[${i}] is ${got[i]} instead of ${value}`],
  );
  expect(wrong).toEqual([]);
}
