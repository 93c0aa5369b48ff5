import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { encodeNpy, encodeNpz } from 'wasm-distill/formats';
import { temporaryFolder } from '../../support/folder.ts';
import { huggingFaceFile } from '../../support/parquet.ts';
import { encodePng } from '../../support/png.ts';

const repository = join(import.meta.dirname, '../../..');

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(at('flowers.csv'), flowers(50, true));
  await writeFile(at('other-flowers.csv'), flowers(4, true));
  await writeFile(at('new-flowers.csv'), flowers(1, false));
  for (const [name, gray] of [
    ['cat', 40],
    ['dog', 200],
  ] as const) {
    await mkdir(at(`photos/${name}`), { recursive: true });
    for (let i = 0; i < 5; i++) {
      const side = 30 + i;
      await writeFile(
        at(`photos/${name}/${i}.png`),
        encodePng(side, side, new Array<number>(3 * side * side).fill(gray + i)),
      );
    }
  }
  const pictures = Array.from({ length: 6 }, (_, i) =>
    encodePng(16, 16, new Array<number>(768).fill(40 * i)),
  );
  const names = ['airplane', 'bird', 'cat'];
  await writeFile(at('cifar10-train.parquet'), huggingFaceFile(pictures, [0, 1, 2, 0, 1, 2], names));
  await writeFile(at('cifar10-test.parquet'), huggingFaceFile(pictures.slice(3), [0, 1, 2], names));
  const x = { shape: [6, 4], data: Float32Array.from({ length: 24 }, (_, i) => i) };
  const y = { shape: [6], data: Int32Array.of(0, 1, 2, 0, 1, 2) };
  await writeFile(at('digits.npz'), await encodeNpz({ x_train: x, y_train: y, x_test: x, y_test: y }));
  await writeFile(at('x_train.npy'), encodeNpy(x));
  await writeFile(at('y_train.npy'), encodeNpy(y));
  await writeFile(at('x_test.npy'), encodeNpy(x));
  await writeFile(at('y_test.npy'), encodeNpy(y));
});

function at(name: string): string {
  return join(folder, name);
}

function flowers(each: number, labeled: boolean): string {
  const columns = [
    'sepal_length',
    'sepal_width',
    'petal_length',
    'petal_width',
    ...(labeled ? ['species'] : []),
  ];
  const rows = ['setosa', 'versicolor', 'virginica'].flatMap((species, k) =>
    Array.from({ length: each }, (_, i) =>
      [
        5 + k + (i % 5) / 10,
        3 + (i % 3) / 10,
        1 + 2 * k,
        k + (i % 4) / 10,
        ...(labeled ? [species] : []),
      ].join(','),
    ),
  );
  return `${columns.join(',')}\n${rows.join('\n')}\n`;
}

/** Blocks of commands, with the indented lines right after them. */
async function blocks(): Promise<{ commands: string[]; shown: string }[]> {
  const guide = await readFile(join(repository, 'docs/your-data.md'), 'utf8');
  return [...guide.matchAll(/```sh\n([\s\S]*?)```\n\n((?: {4}.*\n)*)/g)].map(([, commands, shown]) => ({
    commands: commands!.trim().split('\n'),
    shown: shown!.replace(/^ {4}/gm, ''),
  }));
}

/** Runs a command of the guide in the folder; small, if it trains. */
function run(command: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [npx, name, ...words] = [...command.matchAll(/"([^"]*)"|\S+/g)].map(
    ([whole, quoted]) => quoted ?? whole,
  );
  expect([npx, name]).toEqual(['npx', 'wasm-distill']);
  const small = {
    distill: ['--teachers', '1', '--teacher-epochs', '2', '--epochs', '2'],
    train: ['--epochs', '2'],
  };
  const more = small[words[0] as keyof typeof small] ?? [];
  const child = spawn(process.execPath, [join(repository, 'dist/cli/main.js'), ...words, ...more], {
    cwd: folder,
  });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (text) => {
      written[stream] += text;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...written })));
}

test('the commands of docs/your-data.md work, and say what it shows', async () => {
  const found = await blocks();
  expect(found.flatMap(({ commands }) => commands).length).toBeGreaterThan(10);
  for (const { commands, shown } of found)
    for (const command of commands) {
      const { code, stderr } = await run(command);
      expect([command, code, code === 0 ? '' : stderr]).toEqual([command, 0, '']);
      if (shown !== '') expect(stderr).toBe(shown);
    }
}, 120_000);
