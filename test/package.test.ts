import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apart, entries, hosts, isApart, wasm, workers } from '../scripts/entries.mjs';

const { exports, imports } = JSON.parse(await readFile('package.json', 'utf8')) as {
  exports: Record<string, unknown>;
  imports: Record<string, unknown>;
};

const script = (module: string) => `./dist/${module}.js`;
const typed = (module: string) => ({ types: `./dist/${module}.d.ts`, default: script(module) });

function each<A, B>(table: Record<string, A>, make: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, make(value)]));
}

/** All paths of the package that a field of package.json leads to. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(value as Record<string, unknown>).flatMap(pathsIn);
}

test('package.json exports what the build has entries for', () => {
  expect(exports).toEqual({
    ...each(entries, typed),
    ...each(workers, (worker) => ({ node: script(worker.node), default: script(worker.default) })),
    ...each(wasm, ({ file }) => `./dist/${file}`),
    './package.json': './package.json',
  });
});

test('package.json tells the hosts apart as the build does', () => {
  expect(imports).toEqual({
    '#library/*': './dist/*',
    ...each(hosts, (host) => ({ node: typed(host.node), default: typed(host.default) })),
  });
});

test('what it names is there, and what hosts and workers load stays apart from the one file', () => {
  const { '#library/*': _, ...named } = imports;
  for (const path of [...pathsIn(exports), ...pathsIn(named)]) expect(existsSync(path), path).toBe(true);
  for (const module of [...pathsIn(workers), ...pathsIn(hosts)]) expect(isApart(module), module).toBe(true);
});

test('what stays apart is there', () => {
  for (const module of apart)
    expect(existsSync(module.endsWith('/') ? `src/${module}` : `src/${module}.ts`), module).toBe(true);
});

test('dist holds what ships, and nothing else', async () => {
  const found = await readdir('dist', { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replaceAll('\\', '/'));
  const others = files.filter((file) => !/\.(js|d\.ts|wasm)$/.test(file));
  expect(others).toEqual(['dist/cli/licenses.md']);
  const commandLine = files.filter((file) => file.startsWith('dist/cli/') && !others.includes(file));
  for (const file of commandLine) expect(file).toMatch(/^dist\/cli\/(main|chunk-[\w-]+)\.js$/);
});

test('declarations work in compilers whose typed arrays are not generic', async () => {
  const found = (await readdir('dist', { recursive: true })).filter((file) => file.endsWith('.d.ts'));
  expect(found.length).toBeGreaterThan(0);
  for (const file of found) expect(await readFile(`dist/${file}`, 'utf8'), file).not.toMatch(/Array<Array/);
});

test('whoever reads no data files does not load their readers', async () => {
  expect(existsSync('dist/readers.js')).toBe(true);
  for (const file of ['dist/library.js', 'dist/index.js'])
    expect(await readFile(file, 'utf8'), file).not.toContain('readers.js');
});

test('what pages load imports nothing of Node', async () => {
  const files = [
    ...['library', 'readers', 'webgpu', 'tuning', 'compare', 'backends/wasm/browser'],
    ...['gpu-browser', 'tuning/kept-browser'].map((name) => `backends/webgpu/${name}`),
  ];
  for (const file of files) expect(await readFile(`dist/${file}.js`, 'utf8'), file).not.toMatch(/["']node:/);
});

test('README and docs import what the entries hand out', async () => {
  const docs = (await readdir('docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`);
  const found = (await Promise.all(['README.md', ...docs].map(importsIn))).flat();
  expect(found.length).toBeGreaterThan(0);
  for (const { file, entry, names } of found)
    expect(Object.keys(await import(entry)), `${file}, from ${entry}`).toEqual(expect.arrayContaining(names));
});

/** What the examples of a Markdown file import from the package's scripts. */
async function importsIn(file: string): Promise<{ file: string; entry: string; names: string[] }[]> {
  const text = await readFile(file, 'utf8');
  return [...text.matchAll(/import \{([^}]+)\} from '(wasm-distill[\w/-]*)'/g)].map(([, list, entry]) => ({
    file,
    entry: entry!,
    names: list!
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type ')),
  }));
}
