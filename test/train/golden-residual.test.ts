import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine, type LayerSpec } from 'wasm-distill';
import {
  type Effect,
  gradients,
  network,
  ops,
  type Tensor,
  type Variable,
  variable,
} from 'wasm-distill/graph';
import { referenceEngine } from '#library/backends/reference/engine.js';
import { adamPowers, updates } from '#library/train/optimizer.js';
import { expectClose, input, type Numbers, readGolden } from '../support/golden-values.ts';

/*
 * Ten steps of a small residual network against PyTorch in float64: losses, and of every parameter and running
 * statistic its sum and sum of squares after each step. scripts/make_golden_convolution.py makes the file.
 */

interface Run {
  loss: Numbers;
  /** [steps, parameters] */
  sums: Numbers;
  squares: Numbers;
}
interface Residual {
  steps: number;
  rate: { sgd: number; adam: number };
  momentum: number;
  decay: number;
  x: Numbers;
  labels: Numbers;
  parameters: { name: string; role: string; value: Numbers }[];
  sgd: Run;
  adam: Run;
}

const { residual: golden } = readGolden<{ residual: Residual }>('convolution.json');

const conv = (filters: number, stride = 1, kernel = 3): LayerSpec[] => [
  { conv: filters, kernel, stride, bias: false },
  { norm: 'batch' },
];
const relu: LayerSpec = { relu: true };

/** conv4 res4 res8s2 gap dense5 */
const architecture = {
  input: { shape: [8, 8, 3] },
  layers: [
    ...conv(4),
    relu,
    { sum: [[...conv(4), relu, ...conv(4)], []] },
    relu,
    { sum: [[...conv(8, 2), relu, ...conv(8)], conv(8, 2, 1)] },
    relu,
    { gap: true as const },
    { dense: 5 },
  ],
};

let wasm: Engine;
beforeAll(async () => {
  wasm = await createEngine({ threads: 2 });
});
afterAll(() => wasm.close());

/*
 * On the float64 reference, too, constants are float32: 1e-9 holds where they are exact. The share of a batch in the
 * running variance isn't, nor are 1 − β₂ᵗ, of which a step of Adam is the root.
 */
describe.each([
  { backend: 'the float64 reference', engine: referenceEngine, sgd: 1e-9, adam: 2e-5, statistics: 1e-6 },
  { backend: 'the kernels', engine: () => wasm, sgd: 1e-4, adam: 1e-4, statistics: 1e-4 },
])('$backend', ({ engine, statistics, ...tolerances }) => {
  test.each(['sgd', 'adam'] as const)('ten steps of %s', async (kind) => {
    const tolerance = tolerances[kind];
    const { steps, parameters: start } = golden;
    const { forward, trained, parameters } = network(architecture);
    expect(parameters.map(({ role, shape }) => ({ role, shape }))).toEqual(
      start.map(({ role, value }) => ({ role, shape: value.shape })),
    );
    const [x, labels] = [input(golden.x), input(golden.labels, 'i32')];
    const { logits, effects: kept } = forward(ops.atStep(x.variable), 'train');
    const loss = ops.mean(ops.kdLoss(logits, { labels: ops.atStep(labels.variable) }));
    const powers = variable('powers', [steps, 2]);
    const { effects } = updates({
      optimizer: { kind, decay: golden.decay, ...(kind === 'sgd' && { momentum: golden.momentum }) },
      parameters: trained,
      gradients: gradients(
        loss,
        trained.map((p) => p.variable),
      ),
      rate: ops.fill(golden.rate[kind], []),
      powers: ops.atStep(powers),
      clip: 'none',
    });
    const expected = golden[kind];
    const after = parameters.map(({ variable: p }, i) => [
      new Difference(ops.sumTo(p, []), column(expected.sums, i)),
      new Difference(ops.sumOfSquares([p]), column(expected.squares, i)),
    ]);
    const losses = new Difference(loss, expected.loss.data);
    const differences = [losses, ...after.flat()];

    const session = await engine().load({
      step: [...effects, ...kept, losses.effect],
      check: after.flat().map(({ effect }) => effect),
    });
    for (const { variable: v, values } of [x, labels, ...differences.flatMap(({ inputs }) => inputs)])
      await session.write(v, values);
    if (session.has(powers)) await session.write(powers, adamPowers(0, steps));
    for (const [i, { variable: p }] of parameters.entries())
      await session.write(p, Float32Array.from(start[i]!.value.data));
    for (let step = 0; step < steps; step++) {
      await session.run('step', { from: step });
      await session.run('check', { from: step });
    }
    losses.check(await session.read(losses.target), tolerance, 'loss');
    for (const [i, { name, role }] of start.entries())
      for (const difference of after[i]!)
        difference.check(
          await session.read(difference.target),
          role === 'state' ? Math.max(tolerance, statistics) : tolerance,
          name,
        );
    await session.close();
  });
});

/** What a scalar is more than expected at each step, subtracted in the graph: values are read as float32 only. */
class Difference {
  readonly target: Variable<'f32'>;
  readonly inputs: { variable: Variable<'f32'>; values: Float32Array }[];
  readonly effect: Effect;

  constructor(
    value: Tensor,
    private readonly expected: readonly number[],
  ) {
    this.target = variable('difference', [expected.length]);
    // The expected numbers as sums of two float32.
    const first = Float32Array.from(expected);
    const second = Float32Array.from(expected, (v, i) => v - first[i]!);
    this.inputs = [first, second].map((values) => ({
      variable: variable('expected', [values.length]),
      values,
    }));
    const [a, b] = this.inputs.map((part) => ops.atStep(part.variable));
    this.effect = ops.writeAtStep(this.target, ops.subtract(ops.subtract(value, a!), b!));
  }

  check(differences: ArrayLike<number>, tolerance: number, what: string): void {
    const got = this.expected.map((value, i) => value + differences[i]!);
    expectClose(got, this.expected, tolerance, what);
  }
}

/** Of an array [steps, columns]. */
function column({ shape, data }: Numbers, index: number): number[] {
  return data.filter((_, i) => i % shape[1]! === index);
}
