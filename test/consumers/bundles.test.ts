import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './processes.ts';
import { tool, tools } from './projects.ts';

const app = join(tools, 'bundle');
const beside = (file: string) => tool(`wasm-distill/dist/${file}`);

test.each([
  ['cjs', 'bundle.cjs'],
  ['esm', 'bundle.mjs'],
])("esbuild's %s: what a bundle left out is told with the options that give it", async (format, file) => {
  const how = ['--bundle', '--platform=node', `--format=${format}`, '--log-level=error'];
  await run(app, process.execPath, tool('esbuild/bin/esbuild'), 'main.js', ...how, `--outfile=out/${file}`);
  const given = ['backends/wasm/kernels.wasm', 'backends/wasm/worker-node.js', 'infer/infer.wasm'].map(
    beside,
  );
  expect(JSON.parse(await run(app, process.execPath, join('out', file), ...given))).toEqual({
    engine: expect.stringMatching(/^missing: kernels\.wasm .*give options\.module, .*options\.worker/),
    thread: expect.stringMatching(/^worker: .*give options\.worker/),
    student: expect.stringMatching(/^missing: infer\.wasm .*give options\.module/),
    given: 'ran',
    givenStudent: 'ran',
  });
});
