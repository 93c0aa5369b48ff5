import { type Engine, predict, select } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { logitsOf } from 'wasm-distill/objectives';
import type { Context } from '../context.ts';
import type { Data } from '../data/reader.ts';
import { isStream } from '../data/stream.ts';
import { count, counted } from '../format/numbers.ts';
import { isAborted } from '../terminal/interrupt.ts';
import type { Unfinished } from './unfinished.ts';

/** What teachers are asked. */
export interface Question {
  what: 'probabilities' | 'logits';
  /** Of probabilities. */
  temperature: number;
}

/** Forward passes go by batches of so many: cut elsewhere, the last rows of a piece would be padded in another way. */
const BATCH = 100;

/** Samples of the first piece; later ones are twice as large, until they take this long. */
const FIRST = 5 * BATCH;
const SECONDS = 2;

/**
 * What teachers say of all samples, [size, classes], piece by piece: what is done is kept in a file every few seconds, and
 * when the work is stopped, and a later run of the same question goes on from there. The bits are those of a single pass.
 */
export async function inPieces(
  engine: Engine,
  { progress, controller: { signal } }: Context,
  asked: {
    teachers: readonly AnyModel[];
    data: Data;
    question: Question;
    title: string;
    unfinished: Unfinished;
  },
): Promise<Float32Array> {
  const { teachers, data, question, title, unfinished } = asked;
  const { size, classes } = data;
  const all = new Float32Array(size * classes);
  let done = await unfinished.read(all, classes);
  if (done > 0)
    progress.say(`${count(done)} of ${counted(size, 'sample')} were there already, in ${unfinished.path}`);
  const bar = progress.start(title, size, done);
  try {
    // A stream is read in one pass, which goes on from its beginning.
    for (let step = isStream(data) ? size : FIRST; done < size; ) {
      const started = performance.now();
      const to = Math.min(size, done + step);
      const piece = isStream(data)
        ? data
        : select(
            data,
            Array.from({ length: to - done }, (_, i) => done + i),
          );
      const from = done;
      const onProgress = ({ samples }: { samples: number }) => bar.update(from + samples);
      all.set(await answers(engine, teachers, piece, question, { signal, onProgress }), from * classes);
      done = to;
      const seconds = (performance.now() - started) / 1000;
      if (seconds < SECONDS) step *= 2;
      if (done < size) await unfinished.keep(all.subarray(0, done * classes), classes);
    }
  } catch (error) {
    await unfinished.flush();
    if (isAborted(error) && done > 0)
      progress.say(
        `${count(done)} of ${counted(size, 'sample')} are kept in ${unfinished.path}: the same command goes on`,
      );
    throw error;
  }
  bar.done(counted(size, 'sample') + (question.what === 'logits' ? '' : ` at T = ${question.temperature}`));
  return all;
}

function answers(
  engine: Engine,
  teachers: readonly AnyModel[],
  piece: Data,
  { what, temperature }: Question,
  control: { signal: AbortSignal; onProgress: (progress: { samples: number }) => void },
): Promise<Float32Array> {
  return what === 'logits'
    ? logitsOf(engine, teachers, piece, control)
    : predict(engine, teachers, piece, { temperature, ...control });
}
