import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';

test('the example of the README runs as it stands, on smaller numbers', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = readme
    .split('<!-- example: test/readme.test.ts runs this -->\n```js\n')[1]!
    .split('\n```')[0]!;
  const smaller = code
    .replaceAll('epochs: 10', 'epochs: 1')
    .replace('800, 800', '40')
    .replace('100, 100', '20');
  expect(code.trim().split('\n')).toHaveLength(8); // an import, a blank line and six lines
  const folder = await mkdtemp(join(import.meta.dirname, 'tmp-readme-'));
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await writeFile(join(folder, 'example.ts'), smaller);
    await import(pathToFileURL(join(folder, 'example.ts')).href);
    const [errors, ...words] = said.mock.calls[0]!;
    expect(errors).toBeLessThan(1500);
    expect(words).toEqual(['errors in', 10_000]);
  } finally {
    said.mockRestore();
    await rm(folder, { recursive: true });
  }
});
