import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The library's folders from the ground up: a file imports from its own folder and from those above it in this list. */
const LAYERS = [
  ['arrays.ts', 'errors.ts', 'checks.ts', 'logarithm.ts'],
  ['random'],
  ['graph'],
  ['ops'],
  ['autodiff'],
  ['compiler'],
  ['formats'],
  ['backends'],
  ['nn'],
  ['data'],
  ['sources'],
  ['evaluate'],
  ['teachers'],
  ['objectives'],
  ['train'],
  ['ensemble'],
  ['jobs'],
  ['infer'],
  ['index.ts', 'entries'],
];

const files = readdirSync('src', { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

/** For each file of src those of src that it imports, types too. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = readFileSync(join('src', file), 'utf8');
  const found = [...text.matchAll(/(?:^|\n)(?:import|export)\b[^;]*?\bfrom '(\.[^']+)'/g)];
  return found.map(([, path]) => relative('src', join('src', dirname(file), path!)).replace(/\.js$/, '.ts'));
}

function layerOf(file: string): number {
  const [folder] = file.split('/');
  return LAYERS.findIndex((names) => names.includes(folder!));
}

describe('the imports of src', () => {
  test('every file is in a layer, and imports only what exists', () => {
    expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
    for (const [file, imported] of imports)
      expect([file, imported.filter((other) => !imports.has(other))]).toEqual([file, []]);
  });

  test('point down', () => {
    const upward = [...imports].flatMap(([file, imported]) =>
      imported.filter((other) => layerOf(other) > layerOf(file)).map((other) => `${file} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });

  test('have no cycle, of types neither', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) {
        for (const other of imports.get(file) ?? []) visit(other, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
