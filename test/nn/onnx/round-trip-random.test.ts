import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Architecture, createEngine, type Engine, makeDataset } from 'wasm-distill';
import { exportOnnx, importOnnx } from 'wasm-distill/formats';
import { layerCosts } from 'wasm-distill/graph';
import { logitsOf } from 'wasm-distill/objectives';
import { randomArchitecture } from '../../support/random-architectures.ts';
import { samplesFor, studentOf } from '../../support/students.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

/** The import knows rows and images alone. */
const isImported = (architecture: Architecture) => [1, 3].includes(architecture.input.shape.length);

const cases = Array.from({ length: 120 }, (_, i) => [i + 1, randomArchitecture(i + 1)] as const).filter(
  ([, architecture]) => isImported(architecture),
);

test('most random networks of the layers that the import knows are tried', () => {
  expect(cases.length).toBeGreaterThan(50);
});

test.each(cases)(
  'random network %i gives the same bits once it is exported and imported again',
  async (_, architecture) => {
    const model = studentOf(architecture);
    const { input } = architecture;
    const classes = layerCosts(architecture).at(-1)!.output[0]!;
    const inputs = { shape: input.shape, values: samplesFor(input, 6) };
    const data = makeDataset({ inputs, labels: new Uint8Array(6), classes });
    const expected = await logitsOf(engine, [model], data);
    for (const layout of input.shape.length === 3 ? (['nchw', 'nhwc'] as const) : [undefined]) {
      const back = importOnnx(exportOnnx(model, layout && { layout }), 'it');
      expect(back.architecture.input.shape).toEqual(input.shape);
      expect(await logitsOf(engine, [back], data)).toEqual(expected);
    }
  },
);
