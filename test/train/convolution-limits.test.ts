import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { createEngine, type LayerSpec } from 'wasm-distill';
import { gradients, initialize, network, ops, variable } from 'wasm-distill/graph';
import { updates } from '#library/train/optimizer.js';

const norm: LayerSpec = { norm: 'batch' };
const relu: LayerSpec = { relu: true };

/** A training step on one batch of random images. */
function plansOf(layers: readonly LayerSpec[], shape: readonly number[], batch: number) {
  const net = network({ input: { shape }, layers });
  const x = ops.normal([batch, ...shape], { deviation: 1, stream: { kind: 'user', index: 0 } });
  const labels = variable('labels', [batch], 'i32');
  const { logits, effects: kept } = net.forward(x, 'train');
  const loss = ops.mean(ops.kdLoss(logits, { labels }));
  const losses = variable('losses', [1]);
  const { effects } = updates({
    optimizer: { kind: 'sgd' },
    parameters: net.trained,
    gradients: gradients(
      loss,
      net.trained.map((p) => p.variable),
    ),
    rate: ops.fill(0.01, []),
    powers: ops.fill(0, [2]),
    clip: 1,
  });
  const step = [...effects, ...kept, ops.writeAtStep(losses, loss, { guard: true })];
  return { plans: { initialize: initialize(net, 'he'), step }, losses };
}

test('10,000 steps of a convolutional network at constant memory', async () => {
  await using engine = await createEngine({ threads: 1 });
  const residual: LayerSpec = { sum: [[{ conv: 4, bias: false }, norm], []] };
  const layers = [
    { conv: 4, kernel: 3, bias: false },
    norm,
    relu,
    residual,
    relu,
    { depthwise: 3 },
    { pool: 2 },
    { gap: true as const },
    { dense: 3 },
  ];
  const { plans, losses } = plansOf(layers, [6, 6, 1], 2);
  const session = await engine.load(plans);
  await session.run('initialize', { seed: 1 });
  await session.run('step', { steps: 100 });
  const before = process.memoryUsage();
  expect(await session.run('step', { from: 100, steps: 10_000 })).toBe(10_100);
  const after = process.memoryUsage();
  expect(after.rss - before.rss).toBeLessThan(8 * 2 ** 20);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 20);
  expect(Number.isFinite((await session.read(losses))[0])).toBe(true);
});

test('a network’s plan grows as its layers do: 100 convolutions compile in moments', async () => {
  await using engine = await createEngine({ threads: 1 });
  const compiled = async (depth: number) => {
    const block: LayerSpec[] = [{ conv: 8, bias: false }, norm, relu];
    const layers = [
      ...Array.from({ length: depth }, () => block).flat(),
      { gap: true as const },
      { dense: 5 },
    ];
    const begin = performance.now();
    const { plans } = plansOf(layers, [8, 8, 3], 4);
    const session = await engine.load(plans);
    const milliseconds = performance.now() - begin;
    await session.close();
    return { instructions: engine.explain(plans).split('\n').length, milliseconds };
  };
  const [few, more, many] = [await compiled(25), await compiled(50), await compiled(100)];
  console.log(`100 convolutions: ${many.instructions} instructions in ${many.milliseconds.toFixed(0)} ms`);
  expect(many.instructions - more.instructions).toBe(2 * (more.instructions - few.instructions));
});
