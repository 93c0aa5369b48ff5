import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page, Request } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import {
  createEngine,
  type Dataset,
  decodeModel,
  encodeModel,
  mlp,
  parseShorthand,
  predict,
  train,
  weightsSha256,
} from 'wasm-distill';
import { loadImages, standardize } from 'wasm-distill/data';
import { memoryArtifacts } from 'wasm-distill/jobs';
import { onnxTeacher } from 'wasm-distill/onnx';
import { readZip } from '#library/formats/zip.js';
import { distilHere } from '../../demo/your-own/distill.ts';
import { divided } from '../../demo/your-own/divide.ts';
import { kindOf } from '../../demo/your-own/kinds.ts';
import type { Settings } from '../../demo/your-own/messages.ts';
import {
  colorCase,
  csv,
  csvDataset,
  imagesInFiles,
  onnxCase,
  teacherInTwoFiles,
  zipOfImages,
} from './own-data.ts';
import { drop, dropFromDisk, ready, violations, withDemo } from './page.ts';
import { servedDemo } from './served.ts';

vi.setConfig({ testTimeout: 240_000 });

const SMALL: Settings = {
  ...{ teachers: 2, teacher: '40', teacherEpochs: 20, student: '8', epochs: 30, temperature: 4 },
};

const repository = fileURLToPath(new URL('../..', import.meta.url));

const demo = servedDemo();
const address = () => `${demo.url}your-own/`;

async function opened(page: Page): Promise<void> {
  await page.locator('#choose-data:enabled').waitFor();
}

async function give(page: Page, input: string, name: string, content: Uint8Array | string): Promise<void> {
  const buffer = Buffer.from(content);
  await page.locator(input).setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

async function understood(page: Page): Promise<string> {
  await page.locator('#start:enabled').waitFor();
  return (await page.locator('#understood > *').allTextContents()).join(' ').replaceAll(/\s+/g, ' ');
}

async function refusal(page: Page, words: RegExp): Promise<void> {
  await page.locator('#refusal', { hasText: words }).waitFor();
  expect(await page.locator('#start').isDisabled()).toBe(true);
}

async function choose(page: Page, settings: Partial<Settings>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await page.locator(`#${name}`).fill(String(value));
}

async function distilled(page: Page): Promise<void> {
  await page.locator('#status', { hasText: 'The distilled student makes' }).waitFor();
}

/** The table of results: each row's cells but for their small print, read at once, as rows may be about to be drawn anew. */
function rowsOf(page: Page): Promise<string[][]> {
  return page
    .locator('#table')
    .evaluate((table: HTMLTableElement) =>
      [...table.tBodies[0]!.rows].map(({ cells }) =>
        [...cells].map(({ firstChild }) => firstChild!.textContent!),
      ),
    );
}

async function saved(page: Page, button: string): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await page.locator(button).click();
  return readFile(await (await download).path());
}

/** Runs the page's five lines in Node, beside the student that the page gave. */
async function printedBy(snippet: string, student: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'snippet-'));
  try {
    await mkdir(join(folder, 'node_modules'));
    await symlink(repository, join(folder, 'node_modules/wasm-distill'));
    await writeFile(join(folder, 'student.safetensors'), student);
    await writeFile(join(folder, 'run.mjs'), snippet);
    const { stdout } = await promisify(execFile)(process.execPath, ['run.mjs'], { cwd: folder });
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Everything that a page asks for, its workers included. */
function watched(page: Page): Request[] {
  const requests: Request[] = [];
  page.context().on('request', (request) => requests.push(request));
  return requests;
}

/** Nothing is asked of another host, and nothing is sent along. A file that a page gives is a blob of its own. */
function onlyAsking(requests: readonly Request[]): void {
  expect(requests.length).toBeGreaterThan(0);
  for (const request of requests) {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'blob:') expect(host).toBe(new URL(demo.url).host);
    expect([request.method(), request.postData()]).toEqual(['GET', null]);
  }
}

/** The hash of the student that Node distils of the same data. */
async function inNode(data: Dataset, settings: Settings): Promise<string> {
  const parts = divided(data);
  const engine = await createEngine();
  try {
    const nothing = () => {};
    const { student } = await distilHere(engine, {
      ...{ settings, train: parts.train, test: parts.test, teacher: undefined },
      ...{ artifacts: memoryArtifacts(), needs: async () => {}, signal: new AbortController().signal },
      listener: { stage: nothing, progress: nothing, row: nothing, notice: nothing },
    });
    return await weightsSha256(student);
  } finally {
    await engine.close();
  }
}

describe('bring your own', () => {
  test('a zip of images: it is understood, distilled as in Node, saved and run; nothing leaves the page', async () => {
    const zip = zipOfImages();
    const expected = await inNode(await loadImages(zip), SMALL);
    await withDemo(demo.browser, address(), async (page) => {
      const requests = watched(page);
      await opened(page);
      await give(page, '#data', 'shapes.zip', zip);
      const facts = await understood(page);
      expect(facts).toContain('shapes.zip, read as images');
      expect(facts).toContain('96 to learn from, 24 to test on');
      expect(facts).toContain('12 × 12 pixels, gray');
      expect(facts).toContain('3, in this order, with examples to learn from: bar 32 circle 32 corner 32');
      expect(facts).toContain('a fifth of each class, always the same samples, is kept for tests');
      expect(await page.locator('#student').inputValue()).toBe('800,800');

      await choose(page, SMALL);
      await page.locator('#start').click();
      await distilled(page);
      const rows = await rowsOf(page);
      expect(rows.map(([name]) => name)).toEqual([
        'Teacher 1',
        'Teacher 2',
        'Teachers together',
        'Student on labels',
        'Distilled student',
      ]);
      for (const [, errors, parameters, bytes] of rows) {
        expect(Number(errors)).toBeLessThan(8);
        expect(Number(bytes!.replace(',', ''))).toBeGreaterThan(4 * Number(parameters!.replace(',', '')));
      }
      expect(rows.at(-1)![2]).toBe('1,187');

      const student = await saved(page, '#save-safetensors');
      const { model, metadata } = decodeModel(student, 'student.safetensors');
      expect(await weightsSha256(model)).toBe(expected);
      expect(await page.locator('#hash').textContent()).toBe(expected);
      expect(JSON.parse(metadata.images!)).toEqual({ size: [12, 12] });
      const snippet = (await page.locator('#snippet').textContent())!;
      expect(snippet.split('\n')).toHaveLength(5);
      expect(await printedBy(snippet, student)).toMatch(/^(bar|circle|corner) [\d.]+\n$/);

      onlyAsking(requests);
      expect(await page.locator('.private').textContent()).toContain('Nothing leaves the page');
    });
  });

  test('a table and a teacher: what can’t be known is asked for, a stopped run goes on', async () => {
    const engine = await createEngine();
    const options = { data: csvDataset(), epochs: 60, seed: 1 };
    const architecture = standardize(mlp([3, 20, 3]), options.data.inputs);
    const teacher = await train(engine, { ...options, architecture });
    const chance = await train(engine, {
      ...options,
      architecture,
      data: csvDataset((kind) => (kind + 1) % 3),
    });
    await engine.close();
    await withDemo(demo.browser, address(), async (page, context) => {
      await opened(page);
      await drop(page, 'flowers.csv', Buffer.from(csv()));
      await refusal(
        page,
        /which column holds the labels\? Choose it below; there are "length", "width", "height", "kind"/,
      );
      await page.locator('#label').selectOption('kind');
      expect(await understood(page)).toContain(
        'a row of 3 numbers: length, width, height; the label is “kind”',
      );

      await drop(page, 'shifted.safetensors', encodeModel(chance));
      expect(await understood(page)).toMatch(
        /Warning the teacher shifted.safetensors makes \d+ errors on 30 test samples, hardly fewer/,
      );
      await page.locator('#remove-teacher').click();
      await give(page, '#teacher-file', 'teacher.safetensors', encodeModel(teacher));
      const facts = await understood(page);
      expect(facts).toMatch(
        /teacher.safetensors \(.*\): \d+ errors? on 30 test samples \(\d+\.\d+%\); always answering the most frequent class makes 20/,
      );
      expect(facts).not.toContain('Warning');
      expect(await page.locator('#teacher-group').isVisible()).toBe(false);

      const longer = { student: '200,200', epochs: 400, temperature: 2 };
      await choose(page, longer);
      await page.locator('#start').click();
      await page.locator('#status', { hasText: '3 of 3' }).waitFor();
      await page.locator('#rows .distilled').waitFor();
      await page.locator('#stop').click();
      await page.locator('#status', { hasText: 'Stopped' }).waitFor();

      const second = await context.newPage();
      await page.close();
      await second.goto(address());
      await opened(second);
      await give(second, '#data', 'flowers.csv', csv('label'));
      await give(second, '#teacher-file', 'teacher.safetensors', encodeModel(teacher));
      await understood(second);
      await choose(second, longer);
      const stages = second.evaluate(seenStages);
      await second.locator('#start').click();
      await distilled(second);
      // The student on labels is there from before: no epoch of it is trained again.
      expect(await stages).toContain('3 of 3: the student learns');
      expect(await stages).not.toContain('on labels learns');
      expect((await rowsOf(second)).map(([name]) => name)).toEqual([
        'Teacher.safetensors',
        'Student on labels',
        'Distilled student',
      ]);
      const student = await saved(second, '#save-safetensors');
      expect(JSON.parse(decodeModel(student, 'it').metadata.table!)).toMatchObject({
        label: 'label',
        inputs: ['length', 'width', 'height'],
      });
      const snippet = (await second.locator('#snippet').textContent())!;
      expect(snippet).toMatch(/Float32Array.of\(\d/);
      expect(await printedBy(snippet, student)).toMatch(/^[012] [\d.]+\n$/);
    });
  });

  test('an ONNX teacher runs in the page, with what its inputs take; the student leaves as ONNX, too', async () => {
    const engine = await createEngine();
    const { teacher, zip, mean, std, shape, classes, samples } = await onnxCase(engine);
    await withDemo(demo.browser, address(), async (page) => {
      const requests = watched(page);
      const runtime = () => requests.filter((request) => /\/ort[.-]/.test(request.url()));
      await opened(page);
      await give(page, '#data', 'pictures.zip', zip);
      expect(await understood(page)).toContain(shape);
      expect(runtime()).toEqual([]);

      await drop(page, 'teacher.onnx', teacher);
      expect(await understood(page)).toMatch(/teacher.onnx \(ONNX, takes .* NCHW, answers logits\): \d+ err/);
      await page.locator('#mean').fill(mean);
      await page.locator('#std').fill(std);
      await page.locator('#std').blur();
      const facts = await understood(page);
      const [, errors, of] = /: (\d+) errors? on (\d+) test samples/.exec(facts)!;
      expect(Number(of)).toBe(samples / 5);
      expect(Number(errors)).toBeLessThan(0.4 * Number(of));
      expect(runtime().map((request) => new URL(request.url()).host)).toContain(new URL(demo.url).host);

      await choose(page, { student: 'conv4 pool dense16', epochs: 2, temperature: 4 });
      await page.locator('#start').click();
      await distilled(page);
      const rows = await rowsOf(page);
      expect(rows.map(([name]) => name)).toEqual(['Teacher.onnx', 'Student on labels', 'Distilled student']);
      expect(Number(rows[0]![3]!.replaceAll(',', ''))).toBe(teacher.length);
      onlyAsking(requests);

      const { model } = decodeModel(await saved(page, '#save-safetensors'), 'student');
      const graph = await onnxTeacher(await saved(page, '#save-onnx'));
      const data = await loadImages(zip);
      expect([graph.classes, data.classes]).toEqual([classes, classes]);
      const own = await predict(engine, model, data);
      const foreign = await predict(engine, graph, data);
      await graph.close();
      expect(Math.max(...own.map((p, i) => Math.abs(p - foreign[i]!)))).toBeLessThan(1e-4);
    });
    await engine.close();
  });

  test('Parquet, npz and a folder are dropped, and read as the same data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dropped-'));
    try {
      const zip = zipOfImages();
      for (const entry of readZip(zip, 'shapes.zip')) {
        await mkdir(dirname(join(folder, entry.name)), { recursive: true });
        await writeFile(join(folder, entry.name), entry.read());
      }
      for (const [name, bytes] of Object.entries(imagesInFiles())) await writeFile(join(folder, name), bytes);
      const expected = await inNode(await loadImages(zip), SMALL);
      await withDemo(demo.browser, address(), async (page) => {
        await opened(page);
        const hashOf = async () => {
          await choose(page, SMALL);
          await page.locator('#start').click();
          await distilled(page);
          return page.locator('#hash').textContent();
        };
        await dropFromDisk(page, [join(folder, 'shapes')]);
        await page.locator('#data-name', { hasText: 'shapes' }).waitFor();
        const facts = await understood(page);
        expect(facts).toContain('shapes, read as images');
        expect(facts).toContain('3, in this order, with examples to learn from: bar 32 circle 32 corner 32');
        expect(await hashOf()).toBe(expected);

        await dropFromDisk(page, [join(folder, 'shapes.parquet')]);
        await page.locator('#data-name', { hasText: 'shapes.parquet' }).waitFor();
        expect(await understood(page)).toContain('shapes.parquet, read as Parquet');
        expect(await page.locator('#understood').textContent()).toContain('12 × 12 pixels, gray');

        await dropFromDisk(page, [join(folder, 'shapes.npz')]);
        await page.locator('#data-name', { hasText: 'shapes.npz' }).waitFor();
        const arrays = await understood(page);
        expect(arrays).toContain('shapes.npz, read as arrays');
        expect(arrays).toContain('96 to learn from, 24 to test on');
        await hashOf();
        const student = await saved(page, '#save-safetensors');
        const snippet = (await page.locator('#snippet').textContent())!;
        expect(await printedBy(snippet, student)).toMatch(/^[012] [\d.]+\n$/);
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a teacher whose graph doesn’t tell its layout, and one in two files', async () => {
    await withDemo(demo.browser, address(), async (page) => {
      await opened(page);
      const { zip, teacher } = colorCase();
      await give(page, '#data', 'colors.zip', zip);
      await understood(page);
      await give(page, '#teacher-file', 'colors.onnx', teacher);
      await refusal(page, /colors.onnx/);
      await page.locator('#layout').selectOption('nhwc');
      expect(await understood(page)).toMatch(
        /colors.onnx \(ONNX, takes 6 × 6 × 3 NHWC, answers logits\): 0 errors on 12 test samples/,
      );

      const files = Object.entries(teacherInTwoFiles()).map(([name, bytes]) => ({
        ...{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) },
      }));
      await give(page, '#data', 'flowers.csv', csv('label'));
      await page.locator('#teacher-file').setInputFiles(files.slice(0, 1));
      await refusal(page, /large.onnx has its weights in another file, large.onnx.data: give both at once/);
      expect(await page.locator('#layout').isVisible()).toBe(false);
      await page.locator('#teacher-file').setInputFiles(files);
      expect(await understood(page)).toMatch(/large.onnx \(ONNX, takes 3, answers logits\): \d+ errors?/);
    });
  });

  test('what can’t be used is told in a sentence', async () => {
    const other = parseShorthand('5', { input: { shape: [7] }, classes: 3 }).architecture;
    const engine = await createEngine();
    const data = csvDataset();
    const wide = { ...data, inputs: { shape: [7], values: new Float32Array(7 * data.size) } };
    const misfit = await train(engine, { architecture: other, data: wide, epochs: 1, seed: 1 });
    await engine.close();
    await withDemo(demo.browser, address(), async (page) => {
      await opened(page);
      await give(page, '#data', 'holiday.txt', 'sun and sea');
      await refusal(page, /holiday.txt is none of the kinds that are read here: give a zip/);
      await give(page, '#data', 'broken.zip', 'PK and no more');
      await refusal(page, /broken.zip: the ZIP file has no directory/);
      await give(page, '#data', 'flowers.csv', 'label,a\nx,1\ny,\n');
      await refusal(page, /has no value: choose below to fill such in/);
      await give(page, '#data', 'few.csv', 'label,a\nx,1\ny,2\n');
      await refusal(page, /few.csv has 2 samples of 2 classes: give at least ten/);
      await give(page, '#data', 'flowers.csv', csv('label'));
      await understood(page);
      await give(page, '#teacher-file', 'wide.safetensors', encodeModel(misfit));
      await refusal(page, /wide.safetensors can't teach here: .*7/);
      await give(page, '#teacher-file', 'notes.safetensors', 'not a model');
      await refusal(page, /notes.safetensors/);
      await page.locator('#remove-teacher').click();
      await understood(page);
      await page.locator('#student').fill('conv16');
      await page.locator('#start').click();
      await page.locator('.notice.alert', { hasText: /That didn’t work: the student: / }).waitFor();
      await page.locator('#start:enabled').waitFor();
    });
    const large = { name: 'x.parquet', size: 2 ** 31 } as File;
    expect(() => kindOf({ name: 'x.parquet', files: [{ path: 'x.parquet', source: large }] })).toThrow(
      /x.parquet has 2048 MiB, more than a page can hold/,
    );
  });

  test('by keyboard alone, and axe finds nothing: light, dark, on a phone', async () => {
    await withDemo(demo.browser, address(), async (page) => {
      await opened(page);
      expect(await violations(page)).toEqual([]);
      // Before the keys: the browser is told to leave the choice to the test, which takes a while.
      const chooser = page.waitForEvent('filechooser');
      await tabTo(page, 'choose-data');
      await page.keyboard.press('Enter');
      await (await chooser).setFiles({
        name: 'flowers.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(csv('label')),
      });
      await understood(page);
      for (const [name, value] of Object.entries(SMALL)) {
        await tabTo(page, name);
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.type(String(value));
      }
      await tabTo(page, 'start');
      await page.keyboard.press('Enter');
      await distilled(page);
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await violations(page)).toEqual([]);
      const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      await expect.poll(() => page.evaluate(overflow)).toBe(0);
    });
  });

  test('the first page leads here, and loads nothing of it', async () => {
    await withDemo(demo.browser, demo.url, async (page) => {
      const requests = watched(page);
      await page.reload();
      await ready(page);
      expect(requests.filter((request) => /parquet|ort-|onnx|workshop|readers/.test(request.url()))).toEqual(
        [],
      );
      await page.getByRole('link', { name: /bring your own/i }).click();
      await opened(page);
      expect(page.url()).toBe(address());
    });
  });
});

/** All that the status says until the training is over. */
function seenStages(): Promise<string> {
  const status = document.getElementById('status')!;
  let seen = '';
  return new Promise((resolve) => {
    new MutationObserver(() => {
      seen += `${status.textContent}\n`;
      if (seen.includes('The distilled student makes')) resolve(seen);
    }).observe(status, { childList: true });
  });
}

/** Moves the focus on by the Tab key until it is there. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${id} can't be reached by the Tab key`);
}
