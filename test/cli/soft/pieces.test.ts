import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, mlp, predict, type TrainedModel, train } from 'wasm-distill';
import type { ExternalModel, Samples } from 'wasm-distill/data';
import { logitsOf, storedTeacher } from 'wasm-distill/objectives';
import { inPieces, type Question } from '../../../cli/soft/pieces.ts';
import { Unfinished } from '../../../cli/soft/unfinished.ts';
import type { Progress } from '../../../cli/terminal/progress.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { syntheticData } from '../../support/golden.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

const data = syntheticData(3210);
const question: Question = { what: 'probabilities', temperature: 3 };
let model: TrainedModel;
let stored: ExternalModel;
let folder: string;
beforeAll(async () => {
  model = await train(engine, { architecture: mlp([144, 8, 10]), data, epochs: 1, seed: 3 });
  stored = await storedTeacher(data, await logitsOf(engine, [model], data));
  folder = await temporaryFolder();
});

/** A progress that writes down what is said and how far bars begin. */
function quiet() {
  const said: string[] = [];
  const begun: number[] = [];
  const bar = { update: () => {}, note: () => {}, done: (text: string) => void said.push(text) };
  const progress: Progress = {
    start: (_, __, from = 0) => {
      begun.push(from);
      return bar;
    },
    say: (line) => void said.push(line),
    close: () => {},
  };
  return { said, begun, context: { progress, controller: new AbortController() } };
}

function asked(
  name: string,
  teacher: TrainedModel | ExternalModel,
  changes: { key?: string; question?: Question } = {},
) {
  const unfinished = new Unfinished(join(folder, name), changes.key ?? 'key');
  return { teachers: [teacher], data, question, title: 'soft targets', unfinished, ...changes };
}

/** Answers what the teacher does until it has been asked for this many samples. */
function failing(after: number, ended: () => void): ExternalModel {
  let count = 0;
  const logits = async (samples: Samples, signal?: AbortSignal) => {
    count += samples.values.length / 144;
    if (count > after) ended();
    return stored.logits(samples, signal);
  };
  return { ...stored, batch: 100, logits };
}

describe('outputs piece by piece', () => {
  test.each([['probabilities'], ['logits']] as const)(
    '%s are those of one pass, bit by bit',
    async (what) => {
      const { context, said } = quiet();
      const found = await inPieces(
        engine,
        context,
        asked('plain', model, { question: { what, temperature: 3 } }),
      );
      const whole =
        what === 'logits'
          ? logitsOf(engine, [model], data)
          : predict(engine, model, data, { temperature: 3 });
      expect(found).toEqual(await whole);
      expect(said).toEqual([what === 'logits' ? '3,210 samples' : '3,210 samples at T = 3']);
      expect(existsSync(join(folder, 'plain.unfinished'))).toBe(false);
    },
  );

  test('go on where they were cut off, for the same key', async () => {
    const first = quiet();
    const down = failing(1700, () => {
      throw new Error('the service is down');
    });
    await expect(inPieces(engine, first.context, asked('cut', down))).rejects.toThrow('the service is down');
    const second = quiet();
    const found = await inPieces(engine, second.context, asked('cut', stored));
    expect(second.begun).toEqual([1500]);
    expect(second.said[0]).toMatch(/^1,500 of 3,210 samples were there already, in .*cut\.unfinished$/);
    expect(found).toEqual(await predict(engine, stored, data, { temperature: 3 }));
    const other = quiet();
    await inPieces(engine, other.context, asked('cut', stored, { key: 'other' }));
    expect(other.begun).toEqual([0]);
  });

  test('that are stopped say where they are kept', async () => {
    const { context, said } = quiet();
    const stopped = failing(700, () => context.controller.abort());
    await expect(inPieces(engine, context, asked('stopped', stopped))).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(said).toEqual([
      expect.stringMatching(/^500 of 3,210 samples are kept in .*: the same command goes on$/),
    ]);
  });

  test.each([
    ['what is no file of ours', Buffer.from('nonsense')],
    ['half of one', undefined],
  ])('begin anew on %s', async (_, bytes) => {
    const down = failing(600, () => {
      throw new Error('down');
    });
    const path = join(folder, 'broken.unfinished');
    await inPieces(engine, quiet().context, asked('broken', down)).catch(() => {});
    await writeFile(path, bytes ?? (await readFile(path)).subarray(0, 900));
    const { context, begun } = quiet();
    expect(await inPieces(engine, context, asked('broken', stored))).toHaveLength(32100);
    expect(begun).toEqual([0]);
  });
});
