import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { type Effect, gradients, ops, type Tensor, type Variable, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';
import { compile, schedule } from '#library/backends/wasm/program.js';
import type { CompiledNode } from '#library/compiler/node.js';
import { size } from '#library/graph/shape.js';
import { fill } from '#library/graph/tensor.js';

/** What a plan's chains compute, as its text has it. */
function codesOf(effects: readonly Effect[]): (string | undefined)[] {
  return schedule(effects).instructions.map(({ opcode, fields }) =>
    opcode === 'chain' ? (fields.code as CompiledNode).name : opcode,
  );
}

const assigned = (value: Tensor) => ops.assign(variable('y', value.shape), value);

describe('what becomes a chain', () => {
  const x = variable('x', [6, 4]);
  const row = variable('row', [4]);

  test('rows, numbers and what follows: one instruction', () => {
    const y = ops.relu(ops.add(ops.multiply(x, row), ops.fill(2, [6, 4])));
    expect(codesOf([assigned(y)])).toEqual(['(y = multiplyAddRelu(x0, x1, x2))']);
  });

  test('one operator over whole tensors stays an instruction of its own', () => {
    expect(codesOf([assigned(ops.add(x, variable('z', [6, 4])))])).toEqual(['binary']);
    expect(codesOf([assigned(ops.exp(x))])).toEqual(['unary']);
  });

  test('a value that something else reads too is computed once, and read', () => {
    const shared = ops.exp(x);
    const effects = [assigned(ops.abs(ops.sqrt(shared))), assigned(shared)];
    expect(codesOf(effects)).toEqual(['unary', '(t0 = sqrt(x0); y = abs(t0))']);
  });

  test('reshapes lie inside a chain', () => {
    const y = ops.reshape(ops.exp(ops.reshape(ops.abs(x), [24])), [2, 12]);
    expect(codesOf([assigned(y)])).toEqual(['(t0 = abs(x0); y = exp(t0))']);
  });

  test('a mask is computed again from what the chain reads anyway', () => {
    const up = variable('up', [6, 4]);
    const r = ops.relu(ops.add(ops.multiply(x, row), row));
    const masked = ops.multiply(ops.mask(up, r), ops.exp(x));
    expect(codesOf([assigned(r), assigned(masked)])).toEqual([
      '(y = multiplyAddRelu(x0, x1, x1))',
      '(t0 = multiplyAdd(x0, x1, x1); t1 = mask(x2, t0); t2 = exp(x0); y = multiply(t1, t2))',
    ]);
  });

  test('the gradient of a batch norm with ReLU takes two passes', () => {
    const up = variable('up', [6, 4]);
    const y = ops.relu(ops.normalize(x, ops.moments(x), row, row));
    const [toX] = gradients(ops.sumTo(ops.multiply(y, up), []), [x]);
    const opcodes = schedule([assigned(toX!)]).instructions.map(({ opcode }) => opcode);
    expect(opcodes.filter((opcode) => opcode === 'normGradient')).toHaveLength(1);
    // Mean, variance, and both sums of the gradient.
    expect(opcodes.filter((opcode) => opcode === 'channelSums')).toHaveLength(3);
    expect(codesOf([assigned(toX!)]).filter((code) => code?.includes('mask'))).toEqual([]);
  });
});

const SHAPES = [[1], [7], [3, 5], [40, 3], [129, 17], [2, 3, 5, 16], [9, 130], [5, 300], [3, 1500]];
const UNARY: ((x: Tensor) => Tensor)[] = [
  ops.relu,
  ops.abs,
  ops.tanh,
  ops.sigmoid,
  (x) => ops.scale(x, 0.7),
  (x) => ops.shift(x, -0.2),
  (x) => ops.leakyRelu(x, 0.1),
];
const BINARY = [ops.add, ops.subtract, ops.multiply, ops.mask];

interface Recipe {
  shape: number;
  steps: [operator: number, a: number, b: number][];
  second: number;
}

/** Any graph of elementwise operators over two tensors, a row, a number of each kind and what came before. */
function expression({ shape: index, steps }: Recipe) {
  const shape = SHAPES[index % SHAPES.length]!;
  const inputs = [shape, shape, shape.slice(-1), []].map((s, i) => variable(`in${i}`, s));
  const values: Tensor[] = [...inputs.map((v) => ops.broadcastTo(v, shape)), fill(0.5, shape)];
  for (const [operator, a, b] of steps) {
    const [x, y] = [values[a % values.length]!, values[b % values.length]!];
    const place = operator % (UNARY.length + BINARY.length);
    values.push(place < UNARY.length ? UNARY[place]!(x) : BINARY[place - UNARY.length]!(x, y));
  }
  return { inputs, values };
}

const recipes = fc.record({
  shape: fc.nat(SHAPES.length - 1),
  steps: fc.array(fc.tuple(fc.nat(30), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 40 }),
  second: fc.nat(40),
});

function dataOf(inputs: readonly Variable<'f32'>[]): Map<Variable<'f32'>, number[]> {
  const wave = (i: number, k: number) => Math.fround(Math.sin(i * 1.7 + k) + 0.1 * Math.sin(i * i));
  return new Map(inputs.map((v, k) => [v, Array.from({ length: size(v.shape) }, (_, i) => wave(i, k))]));
}

describe('any chain', () => {
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all([1, 3].map((threads) => createEngine({ threads })));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  async function run(engine: Engine, inputs: Variable<'f32'>[], values: readonly Tensor[]) {
    const targets = values.map(({ shape }, i) => variable(`out${i}`, shape));
    const session = await engine.load({
      run: values.map((value, i) => ops.assign(targets[i]!, value)),
    });
    for (const [v, numbers] of dataOf(inputs))
      if (session.has(v)) await session.write(v, Float32Array.from(numbers));
    await session.run('run');
    const results = await Promise.all(targets.map((target) => session.read(target)));
    await session.close();
    return results.map(({ buffer }) => new Int32Array(buffer));
  }

  test('has the bits of its operators one by one, and the reference’s values', async () => {
    const sample = fc.asyncProperty(recipes, async (recipe) => {
      const { inputs, values } = expression(recipe);
      const wanted = [values.at(-1)!, values[recipe.second % values.length]!];
      const joined = await run(engines[0]!, inputs, wanted);
      expect(await run(engines[1]!, inputs, wanted)).toEqual(joined);
      // What is an output too is computed by itself.
      const alone = await run(engines[1]!, inputs, [...wanted, ...values.slice(inputs.length + 1)]);
      expect(alone.slice(0, 2)).toEqual(joined);
      const exact = evaluateReference(wanted, dataOf(inputs), { seed: 0, step: 0 });
      for (const [k, values] of exact.entries()) {
        const got = new Float32Array(joined[k]!.buffer);
        // A mask by what rounding pushes over 0, and what overflows, differ by themselves.
        const wrong = values.filter(
          (v, i) => Math.abs(v) < 1e6 && !(Math.abs(got[i]! - v) <= 1e-3 * (1 + Math.abs(v))),
        );
        expect(wrong.length).toBeLessThanOrEqual(Math.ceil(values.length / 50));
      }
    });
    await fc.assert(sample, { numRuns: 60 });
  }, 120_000);

  test('needs no memory for what lies inside it', () => {
    const x = variable('x', [100_000]);
    const bytes = (value: Tensor) => compile({ run: [assigned(value)] }).scratchAddress;
    let y: Tensor = ops.abs(x);
    for (let i = 0; i < 8; i++)
      y = ops.multiply(ops.add(y, x), ops.broadcastTo(variable(`v${i}`, []), [100_000]));
    expect(bytes(y)).toBeLessThan(bytes(ops.abs(x)) + 5000);
  });
});

describe('a network of 100 layers', () => {
  test('compiles with its gradients in under a second, all of its norms fused', () => {
    const width = 8;
    const parameters: Variable<'f32'>[] = [];
    const parameter = (name: string, shape: number[]) => {
      const made = variable(name, shape);
      parameters.push(made);
      return made;
    };
    let x: Tensor = variable('x', [32, width]);
    for (let i = 0; i < 100; i++) {
      const h = ops.matmul(x, parameter(`w${i}`, [width, width]));
      const n = ops.normalize(h, ops.moments(h), parameter(`g${i}`, [width]), parameter(`b${i}`, [width]));
      x = ops.relu(i % 2 ? ops.add(n, x) : n);
    }
    const slopes = gradients(ops.mean(x), parameters);
    const rate = variable('rate', []);
    const effects = parameters.map((p, i) =>
      ops.sgdUpdate(p, { velocity: variable(`${p.name}.v`, p.shape), gradient: slopes[i]!, rate }),
    );
    // The processor's time, as other tests may run beside this one; the first time the compiler itself is compiled.
    const seconds = Array.from({ length: 4 }, () => {
      const before = process.cpuUsage();
      compile({ step: effects });
      return process.cpuUsage(before).user / 1e6;
    });
    expect(Math.min(...seconds)).toBeLessThan(1);
    const program = compile({ step: effects });
    const opcodes = program.plans.get('step')!.instructions.map(({ opcode }) => opcode);
    expect(opcodes.filter((opcode) => opcode === 'normGradient')).toHaveLength(100);
    expect(opcodes.filter((opcode) => opcode === 'channelSums')).toHaveLength(300);
  });
});
