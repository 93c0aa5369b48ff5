import { expect, test } from 'vitest';
import { makeDataset, parseShorthand } from 'wasm-distill';
import { labels } from 'wasm-distill/objectives';
import { KERNELS_VERSION } from '#library/backends/webgpu/engine.js';
import { codeOf } from '#library/backends/webgpu/kernel.js';
import { ESTIMATED } from '#library/backends/webgpu/lower/tiles.js';
import { compile, type Dispatch } from '#library/backends/webgpu/program.js';
import { residentFeed } from '#library/data/feed.js';
import { sha256 } from '#library/formats/hash.js';
import { forData } from '#library/nn/architecture.js';
import { defaultRecipe } from '#library/train/recipe.js';
import { trainingStep } from '#library/train/step.js';

/** What any adapter gives. */
const LIMITS = { bytes: 2 ** 27, shared: 2 ** 14, speeds: ESTIMATED };
const MOST_BINDINGS = 8;
const MOST_GROUPS = 65_535;

/** The dispatches of a training step on labels. */
function stepOf(network: string, shape: [number, number, number], batch: number): readonly Dispatch[] {
  const samples = 2 * batch;
  const data = makeDataset({
    inputs: { shape, values: new Uint8Array(samples * shape.reduce((a, b) => a * b)) },
    labels: Int32Array.from({ length: samples }, (_, i) => i % 10),
  });
  const objective = labels();
  const feed = residentFeed({ data, batch, seed: 0, augment: [], columns: objective.columns ?? {} });
  const parsed = parseShorthand(network, { input: { shape }, classes: 10 }).architecture;
  const { plans } = trainingStep({
    architecture: forData(parsed, data.inputs),
    objective,
    recipe: defaultRecipe(objective, 10),
    feed,
    frozen: [],
  });
  return compile(plans, LIMITS).plans.get('step')!;
}

const PERCEPTRON = 'nobn dense1200 dense1200';
const RESNET_8 = 'conv16 res16 res32s2 res64s2 gap';
const VGG = 'conv32 conv32 pool conv64 conv64 pool conv128 pool gap';

test.each([
  ['a perceptron', PERCEPTRON, [28, 28, 1], 14],
  ['ResNet-8', RESNET_8, [32, 32, 3], 90],
] as const)('a step of %s takes few dispatches', (_, network, shape, most) => {
  expect(stepOf(network, [...shape], 100).length).toBeLessThanOrEqual(most);
});

test('kernels that change are another version of them', async () => {
  const codes = [PERCEPTRON, RESNET_8, VGG, 'conv8 sep16s2 gap'].flatMap((network) =>
    stepOf(network, [16, 16, 3], 100).map(({ kernel }) => `${kernel.workgroups}\n${codeOf(kernel)}`),
  );
  const hash = await sha256(codes.map((code) => new TextEncoder().encode(code)));
  // A hash that differs is a new one to be written here, with the next number in engine.ts, unless all bits stay the same.
  expect([KERNELS_VERSION, hash]).toEqual([
    2,
    'f968ba6b980119221293ed5d1e5af2e4880e7c4df958d3e8ddd435f77d13a96b',
  ]);
});

test.each(
  [PERCEPTRON, RESNET_8, VGG, 'conv8 sep16s2 gap', 'nobn dense17'].flatMap((network) =>
    [1, 3, 17, 100, 1024].map((batch) => [network, batch] as const),
  ),
)('%s in batches of %i stays within what any adapter allows', (network, batch) => {
  for (const { kernel, places } of stepOf(
    network,
    network.includes('conv') ? [16, 16, 3] : [28, 28, 1],
    batch,
  )) {
    expect(kernel.bindings.length).toBeLessThanOrEqual(MOST_BINDINGS);
    expect(Math.max(...kernel.workgroups)).toBeLessThanOrEqual(MOST_GROUPS);
    expect(sharedBytes(codeOf(kernel))).toBeLessThanOrEqual(LIMITS.shared);
    for (const [i, a] of places.entries()) {
      expect(a.offset % 256).toBe(0);
      for (const [j, b] of places.entries()) {
        if (i === j || a.buffer !== b.buffer) continue;
        // A buffer is read, or written, in ranges apart.
        const [one, other] = [kernel.bindings[i]!, kernel.bindings[j]!];
        expect(one.access, `${kernel.name}: ${one.word}, ${other.word}`).toBe(other.access);
        const apart = a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;
        expect(one.access === 'read' || apart, `${kernel.name}: ${one.word}, ${other.word}`).toBe(true);
      }
    }
  }
});

/** What a module's workgroups share. */
function sharedBytes(code: string): number {
  const sizes: Record<string, number> = { f32: 4, u32: 4, i32: 4, vec2f: 8, vec4f: 16 };
  return [...code.matchAll(/var<workgroup> \w+: array<(\w+), (\d+)>/g)].reduce(
    (sum, [, type, count]) => sum + sizes[type!]! * Number(count),
    0,
  );
}
