import { readFileSync } from 'node:fs';
import { instantiateSync } from '@assemblyscript/loader';
import binaryen from 'binaryen';
import { expect, test } from 'vitest';
import { Limit } from '#library/backends/wasm/layout.js';

const bytes = readFileSync(new URL('../../dist/backends/wasm/kernels.wasm', import.meta.url));

test('the default build holds no relaxed instruction and never grows or allocates memory', () => {
  const text = binaryen.readBinary(bytes).emitText();
  expect(text).not.toMatch(/relaxed/);
  expect(text).not.toMatch(/memory\.grow/);
  expect(text).toMatch(/f32x4\.mul/);
  expect(text).toMatch(/atomic\.wait/);
});

test('static data ends below the arena, and only what the runtime calls is exported', () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 65536, shared: true });
  const { exports } = instantiateSync<{ staticEnd(): number }>(bytes, { env: { memory } });
  expect(exports.staticEnd()).toBeLessThanOrEqual(Limit.arena);
  const names = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map((e) => e.name);
  expect(names.sort()).toEqual(['memory', 'run', 'staticEnd']);
});
