import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeModel, mlp } from 'wasm-distill';
import { decodeNpy, encodeNpy, encodeNpz, encodeSafetensors, parseCsv } from 'wasm-distill/formats';
import { encodeZip } from '#library/formats/zip.js';
import { withPreparation } from '../../../cli/data/preparation.ts';
import { type Predictions, piecesOf } from '../../../cli/predictions/rows.ts';
import { cli, type Ended } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { randomModel } from '../../support/models.ts';
import { encodePng } from '../../support/png.ts';

const main = resolve('dist/cli/main.js');
const NAMES = ['ant', 'bee, wild', 'say "cat"'];
const COLUMNS = ['width', 'height', 'depth, m'];

let folder: string;
let temporary: string;
const at = (...names: string[]) => join(folder, ...names);

const rows = Array.from({ length: 5 }, (_, i) => COLUMNS.map((_, c) => Math.sin(7 * i + 3 * c)));
const x = { shape: [5, 3], data: Float32Array.from(rows.flat()) };
const csv = (separator: string) =>
  `${[COLUMNS.map((name) => `"${name}"`), ...rows].map((row) => row.join(separator)).join('\n')}\n`;
const lines = rows.map((row) => JSON.stringify(Object.fromEntries(COLUMNS.map((name, c) => [name, row[c]]))));

const pixels = (i: number) => Array.from({ length: 12 }, (_, p) => (31 * p + 17 * i) % 256);
const idx = Buffer.from([0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 4, ...[0, 1, 2, 3, 4].flatMap(pixels)]);

beforeAll(async () => {
  folder = await temporaryFolder();
  temporary = await temporaryFolder();
  const named = encodeModel({ ...randomModel([3, 8, 3]), classNames: NAMES });
  const table = { label: 'kind', inputs: COLUMNS, classNames: NAMES };
  await writeFile(at('rows.safetensors'), withPreparation(named, { table }));
  const architecture = mlp([12, 6, 3], { input: { shape: [3, 4, 1] } });
  const { weights } = randomModel([12, 6, 3]);
  const images = encodeModel({ architecture, weights, classNames: NAMES });
  await writeFile(at('images.safetensors'), withPreparation(images, { images: { size: [3, 4] } }));
  for (const place of ['photos/ant', 'photos/bee']) await mkdir(at(place), { recursive: true });
  for (const i of [0, 1, 2, 3, 4])
    await writeFile(at(`photos/${i < 2 ? 'ant' : 'bee'}/${i}.png`), encodePng(3, 4, pixels(i)));
  await writeFile(at('new.csv'), csv(','));
});

const model = (what: 'rows' | 'images') => at(`${what}.safetensors`);

/** What `predict` makes of standard input. */
async function piped(what: 'rows' | 'images', bytes: Uint8Array | string, ...more: string[]): Promise<Ended> {
  const env = { ...process.env, TMPDIR: temporary };
  const child = spawn(process.execPath, [main, 'predict', model(what), '-', ...more], { env });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...written };
}

describe('predict --format', () => {
  it('csv: a column of each class, names quoted', async () => {
    const { code, stdout } = await cli('predict', model('rows'), at('new.csv'), '--format', 'csv');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('index,prediction,probability,ant,"bee, wild","say ""cat"""');
    const all = JSON.parse((await cli('predict', model('rows'), at('new.csv'), '--json')).stdout);
    const table = parseCsv(Buffer.from(stdout), 'predictions');
    expect(table.columns.map(({ name }) => name)).toEqual(['index', 'prediction', 'probability', ...NAMES]);
    for (const [i, { label, probabilities }] of all.entries()) {
      const [index, prediction, probability, ...each] = table.columns.map(({ values }) => values[i]);
      expect([index, prediction]).toEqual([i, NAMES[label]]);
      // The very same floats.
      expect([probability, ...each].map((p) => Math.fround(p as number))).toEqual([
        probabilities[label],
        ...probabilities,
      ]);
    }
  });

  it('jsonl: an object a line, of a folder with the files’ names', async () => {
    const out = at('made/photos.jsonl');
    const { code, stdout } = await cli('predict', model('images'), at('photos'), '--out', out);
    expect([code, stdout]).toEqual([0, '']);
    const objects = (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map(({ index, file }) => [index, file])).toEqual([
      [0, 'ant/0.png'],
      [1, 'ant/1.png'],
      [2, 'bee/2.png'],
      [3, 'bee/3.png'],
      [4, 'bee/4.png'],
    ]);
    for (const { prediction, probability, probabilities } of objects) {
      expect(Object.keys(probabilities)).toEqual(NAMES);
      expect(Math.max(...(Object.values(probabilities) as number[]))).toBe(probability);
      expect(probabilities[prediction]).toBe(probability);
    }
    const text = await cli('predict', model('images'), at('photos'));
    expect(text.stdout.split('\n')[3]).toMatch(/^3\t[^\t]+\t[01]\.\d{4}\tbee\/3\.png$/);
  });

  it('npy: the probabilities alone, as NumPy reads them', async () => {
    const out = at('made.npy');
    expect((await cli('predict', model('rows'), at('new.csv'), '--out', out)).code).toBe(0);
    const { shape, data } = decodeNpy(await readFile(out), out);
    const all = JSON.parse((await cli('predict', model('rows'), at('new.csv'), '--json')).stdout);
    expect(shape).toEqual([5, 3]);
    expect([...(data as Float32Array)]).toEqual(
      all.flatMap(({ probabilities }: { probabilities: number[] }) => probabilities),
    );
  });

  it('is refused where it can’t be told, for a terminal, and beside --json', async () => {
    const refused = async (...words: string[]) => {
      const { code, stdout, stderr } = await cli('predict', model('rows'), at('new.csv'), ...words);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await refused('--out', at('made.xml'))).toMatch(/made\.xml doesn't end in \.csv, \.jsonl, \.npy/);
    expect(await refused('--format', 'xml')).toMatch(/--format must be text, csv, jsonl or npy, not "xml"/);
    expect(await refused('--json', '--format', 'csv')).toMatch(/leave it out, or leave out --format/);
    const command = [process.execPath, main, 'predict', model('rows'), at('new.csv'), '--format', 'npy'];
    const shown = await new Promise<string>((done) => {
      const quoted = command.map((word) => `'${word}'`).join(' ');
      const env = { ...process.env, COMMAND: quoted };
      execFile('script', ['-qec', quoted, '/dev/null'], { env }, (_error, stdout) => done(stdout));
    });
    expect(shown).toContain("--format npy isn't text for a terminal: name a file with --out");
  });

  it('--out replaces a file by force alone, and never what is read', async () => {
    const out = at('kept.csv');
    await writeFile(out, 'precious\n');
    const words = ['predict', model('rows'), at('new.csv'), '--out'];
    const refused = await cli(...words, out);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('is there already: give --force'),
    ]);
    expect(await readFile(out, 'utf8')).toBe('precious\n');
    expect((await cli(...words, out, '--force')).code).toBe(0);
    expect(await readFile(out, 'utf8')).toMatch(/^index,prediction/);
    for (const input of [at('new.csv'), model('rows')]) {
      const { code, stderr } = await cli(...words, input, '--format', 'csv', '--force');
      expect([code, stderr]).toEqual([1, expect.stringContaining('is what is read: give another file')]);
    }
    expect(await readdir(folder)).not.toContain('kept.csv.tmp');
  });
});

describe('pieces of predictions', () => {
  const many: Predictions = {
    probabilities: Float32Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? 0.25 : 0.75)),
    ...{ classes: 2, classNames: ['same', 'same'], files: undefined },
  };

  it('are many, of some length each, where samples are', () => {
    for (const format of ['text', 'csv', 'jsonl', 'json', 'npy'] as const) {
      const pieces = [...piecesOf(many, format)];
      expect(pieces.length).toBeGreaterThan(2);
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(2 ** 16 + 200);
    }
    expect(JSON.parse([...piecesOf(many, 'json')].join(''))).toHaveLength(20_000);
  });

  it('tell classes of one name apart', () => {
    const [heading] = [...piecesOf(many, 'csv')].join('').split('\n');
    expect(heading).toBe('index,prediction,probability,same,same (1)');
  });
});

describe('predict -', () => {
  it('knows rows by their first bytes, packed or not', async () => {
    const wanted = (await cli('predict', model('rows'), at('new.csv'))).stdout;
    const tensor = {
      name: 'inputs',
      dtype: 'F32' as const,
      shape: [5, 3],
      bytes: new Uint8Array(x.data.buffer),
    };
    const parquet = parquetWriteBuffer({
      columnData: COLUMNS.map((name, c) => ({
        name,
        data: rows.map((row) => row[c]!),
        type: 'DOUBLE' as const,
      })),
    });
    const inputs: [string, Uint8Array | string][] = [
      ['csv', csv(',')],
      ['tsv', csv('\t')],
      ['csv.gz', gzipSync(csv(','))],
      ['jsonl', lines.join('\n')],
      ['parquet', new Uint8Array(parquet)],
      ['npy', encodeNpy(x)],
      ['npy.gz', gzipSync(encodeNpy(x))],
      ['npz', await encodeNpz({ x })],
      ['safetensors', encodeSafetensors([tensor], {})],
    ];
    for (const [name, bytes] of inputs) {
      const { code, stdout, stderr } = await piped('rows', bytes);
      expect([name, code, code === 0 ? '' : stderr]).toEqual([name, 0, '']);
      expect([name, stdout]).toEqual([name, wanted]);
    }
    expect(await readdir(temporary)).toEqual([]);
  }, 60_000);

  it('knows images by their first bytes, as a file without a suffix is known', async () => {
    const wanted = (await cli('predict', model('images'), at('photos'))).stdout.replace(/\t[^\t\n]*$/gm, '');
    for (const bytes of [idx, gzipSync(idx)])
      expect(await piped('images', bytes)).toMatchObject({ code: 0, stdout: wanted });
    const picture = encodePng(3, 4, pixels(0));
    const one = `${wanted.split('\n')[0]}\n`;
    expect(await piped('images', picture)).toMatchObject({ code: 0, stdout: one });
    await writeFile(at('picture'), picture);
    expect(await cli('predict', model('images'), at('picture'))).toMatchObject({ code: 0, stdout: one });
    const entries = [0, 1, 2, 3, 4].map((i) => ({
      name: `${i < 2 ? 'ant' : 'bee'}/${i}.png`,
      bytes: encodePng(3, 4, pixels(i)),
    }));
    const zipped = await piped('images', encodeZip(entries));
    expect(zipped.stdout).toBe((await cli('predict', model('images'), at('photos'))).stdout);
    await writeFile(at('photos.zip'), encodeZip(entries));
    expect((await cli('predict', model('images'), at('photos.zip'))).stdout).toBe(zipped.stdout);
    // Resized as the model's were.
    expect((await piped('images', encodePng(6, 8, new Array<number>(48).fill(9)))).code).toBe(0);
  });

  it('says what is wrong of standard input, not of a temporary file', async () => {
    const said = async (bytes: Uint8Array | string) => {
      const { code, stdout, stderr } = await piped('rows', bytes);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).not.toContain(temporary);
      return stderr;
    };
    expect(await said('')).toContain('standard input is empty: pipe an image, a table or arrays into it');
    expect(await said('width,height\n1,2\n')).toMatch(/standard input: the input "depth, m" is no column/);
    expect(await said(encodePng(3, 4, pixels(0)).subarray(0, 40))).toMatch(/standard input/);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('ends cleanly when its reader is gone, and on Ctrl-C while it waits', async () => {
    const env = { ...process.env, TMPDIR: temporary };
    const start = () => spawn(process.execPath, [main, 'predict', model('rows'), '-'], { env });
    const gone = start();
    gone.stdout.destroy();
    gone.stdin.end(
      `${csv(',')}${rows
        .map((row) => `${row.join(',')}\n`)
        .join('')
        .repeat(8000)}`,
    );
    let said = '';
    gone.stderr.on('data', (text) => {
      said += text;
    });
    expect((await once(gone, 'close'))[0]).toBe(0);
    expect(said).toMatch(/^prediction: 40,005 samples, .*\n$/);
    const waiting = start();
    waiting.stdin.write('width,');
    while ((await readdir(temporary)).length === 0) await new Promise((done) => setTimeout(done, 20));
    waiting.kill('SIGINT');
    expect((await once(waiting, 'close'))[0]).toBe(130);
    expect(await readdir(temporary)).toEqual([]);
  });
});
