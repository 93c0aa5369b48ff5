import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from './processes.ts';
import { plain, tarball, tool } from './projects.ts';

const installed = join(plain, 'node_modules/wasm-distill');
const node = process.execPath;

test('installing it brings one package, and runs nothing', async () => {
  const inside = (folder: string) => readdir(join(plain, 'node_modules', folder));
  expect((await inside('.')).filter((name) => !name.startsWith('.'))).toEqual([
    '@assemblyscript',
    'wasm-distill',
  ]);
  expect(await inside('@assemblyscript')).toEqual(['loader']);
  for (const name of ['wasm-distill', '@assemblyscript/loader']) {
    const text = await readFile(join(plain, 'node_modules', name, 'package.json'), 'utf8');
    const { scripts = {} } = JSON.parse(text) as { scripts?: Record<string, string> };
    for (const hook of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(hook);
  }
});

test('it holds what runs, and declarations', async () => {
  const entries = await readdir(installed, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1));
  const others = files.filter((file) => !/^dist\/.*\.(js|d\.ts|wasm)$/.test(file));
  expect(others.sort()).toEqual(['LICENSE', 'README.md', 'dist/cli/licenses.md', 'package.json']);
  const commandLine = files.filter((file) => file.startsWith('dist/cli/'));
  expect(commandLine.filter((file) => !/^dist\/cli\/(main|chunk-[\w-]+)\.js$/.test(file))).toEqual([
    'dist/cli/licenses.md',
  ]);
  const { length } = await readFile(tarball);
  console.log(`the package: ${files.length} files, ${length} bytes packed`);
  expect(length).toBeLessThan(1_055_000);
});

test('publint has nothing to say', async () => {
  expect(await run(plain, node, tool('publint/src/cli.js'), 'run', tarball, '--strict')).toContain(
    'All good!',
  );
});

test('are the types wrong? No', async () => {
  const words = [tarball, '--profile', 'esm-only', '--no-definitely-typed'];
  // Files to be fetched, which have no types.
  const binaries = ['--exclude-entrypoints', './kernels.wasm', './kernels-fast.wasm', './infer.wasm'];
  await run(plain, node, tool('@arethetypeswrong/cli/dist/index.js'), ...words, ...binaries);
});

describe.each([
  ['5.2', 'typescript-5.2'],
  ['5.6, before typed arrays were generic', 'typescript-5.6'],
  ['the newest', 'typescript'],
])('a strict TypeScript takes the declarations: %s', (_, compiler) => {
  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('%s, %s', async (module, resolution) => {
    const words = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022'];
    const how = ['--module', module, '--moduleResolution', resolution, '--lib', 'es2022,dom'];
    const all = [...words, ...how, '--skipLibCheck', 'false', 'main.ts', 'entries.ts'];
    await run(join(plain, 'types'), node, tool(`${compiler}/bin/tsc`), ...all);
  });
});
