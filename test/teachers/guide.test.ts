import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

test('the example of docs/onnx.md asks a service once for each row, and goes on after a failure', async () => {
  const guide = await readFile(new URL('../../docs/onnx.md', import.meta.url), 'utf8');
  const code = guide
    .split('<!-- example: test/teachers/guide.test.ts runs this -->\n```js\n')[1]!
    .split('\n```')[0]!;
  const folder = await mkdtemp(join(import.meta.dirname, 'tmp-guide-'));
  try {
    const here = (name: string) => JSON.stringify(join(folder, name)).slice(1, -1);
    const adapted = code
      .replaceAll('`answers/', `\`${here('answers')}/`)
      .replace("'trees.csv'", `'${here('trees.csv')}'`)
      .replace('1000', '1')
      .replace('createEngine()', 'createEngine({ threads: 1 })');
    const names = ['ash', 'birch', 'cedar'];
    const rows = Array.from({ length: 50 }, (_, i) => `${i % 3},${i},${names[i % 3]}`);
    await mkdir(join(folder, 'answers'));
    await writeFile(join(folder, 'trees.csv'), `x,y,species\n${rows.join('\n')}\n`);
    const asked: number[] = [];
    let down = true;
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      const given = JSON.parse(body) as [number, number][];
      if (down && asked.length === 2) return { ok: false, status: 503 };
      asked.push(given.length);
      const json = async () => given.map(([x]) => [0, 1, 2].map((c) => (c === x ? 0.8 : 0.1)));
      return { ok: true, json };
    });
    const run = async (name: string) => {
      const file = join(folder, name);
      await writeFile(file, `${adapted}\nexport { soft, student };\nawait engine.close();\n`);
      return import(pathToFileURL(file).href) as Promise<{ soft: { probabilities: Float32Array } }>;
    };
    await expect(run('first.mjs')).rejects.toThrow('the service answers 503');
    expect(await readdir(join(folder, 'answers'))).toHaveLength(40);
    down = false;
    const { soft } = await run('second.mjs');
    expect(asked).toEqual([20, 20, 10]);
    const [a, b] = [Math.sqrt(0.8), Math.sqrt(0.1)];
    expect(soft.probabilities[0]).toBeCloseTo(a / (a + 2 * b), 5);
  } finally {
    await rm(folder, { recursive: true });
  }
});
