import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { decodeModel, mlp } from 'wasm-distill';
import { byteInput } from '#library/nn/specs.js';

test('the example of the README runs as it stands, on smaller numbers', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = readme
    .split('<!-- example: test/readme.test.ts runs this -->\n```ts\n')[1]!
    .split('\n```')[0]!;
  const folder = await mkdtemp(join(import.meta.dirname, 'tmp-readme-'));
  const student = join(folder, 'student.safetensors');
  const smaller = code
    .replace('60_000', '1000')
    .replace('[784, 1200, 1200, 10]', '[784, 40, 10]')
    .replace('[784, 800, 800, 10]', '[784, 20, 10]')
    .replace("'student.safetensors'", JSON.stringify(student));
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await writeFile(join(folder, 'example.ts'), smaller);
    await import(pathToFileURL(join(folder, 'example.ts')).href);
    expect(said.mock.calls[0]![0]).toMatch(/^\d+ errors in 10000 test images; the teachers: \d+$/);
    const { architecture } = decodeModel(await readFile(student), student).model;
    expect(architecture).toEqual(mlp([784, 20, 10], { input: byteInput }));
  } finally {
    said.mockRestore();
    await rm(folder, { recursive: true });
  }
});
