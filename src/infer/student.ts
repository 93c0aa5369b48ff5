import type { Floats, Ints } from '../arrays.js';
import { brandOf } from '../checks.js';
import { DistillError } from '../errors.js';
import { compile } from './compile.js';
import { roundUp } from './images.js';
import { inputOf, notFinite } from './input.js';
import { instantiate } from './kernels.js';
import { Memory } from './memory.js';
import { dimsOf } from './read-layers.js';
import type { StudentFile } from './student-file.js';

/** The prediction for one input. */
export interface Prediction {
  /** The most probable class; the first in a tie. */
  label: number;
  /** [classes], with sum 1. */
  probabilities: Floats;
}

/** The predictions for n inputs. */
export interface Predictions {
  /** [n] */
  labels: Ints;
  /** [n, classes], row by row. */
  probabilities: Floats;
}

/** A model ready to predict, synchronously and in the calling thread. */
export interface Student {
  /** How many numbers an input consists of. */
  readonly inputs: number;
  /** Of one input: [784], [28, 28, 1], [13]. */
  readonly shape: readonly number[];
  readonly classes: number;
  /** Names of the classes, if the file has them. */
  readonly classNames: readonly string[] | undefined;
  /**
   * `input` is as in the data set, row by row: a model of bytes takes a Uint8Array, or 0 to 255 in a Float32Array. (One
   * that predates models that normalize their input takes floats from 0 to 1.)
   * @throws DistillError 'bad-argument' for the wrong number of inputs, NaN or infinity, and floats from 0 to 1 where 0
   * to 255 are expected; 'diverged' if the model gives NaN.
   */
  predict(input: Uint8Array | Float32Array): Prediction;
  /**
   * `predict` for each row of data [n, inputs], with the same bits, but faster. @throws DistillError as predict does
   */
  predictBatch(data: Uint8Array | Float32Array, n: number): Predictions;
}

/** Images computed together, unless what the layers make of them takes more than the caches. */
const MOST_IMAGES = 128;
const MOST_BYTES = 2 ** 22;

export async function createStudent(
  module: WebAssembly.Module,
  { input, unit, classNames, layers, classes }: StudentFile,
): Promise<Student> {
  const kernels = await instantiate(module);
  const reader = inputOf(input, unit);
  const inputs = reader.size;
  const program = compile(layers, dimsOf(input.shape), reader.ofBytes);
  const stores = program.stores.filter((store) => !store.isAlias);
  const bytes = stores.reduce((sum, store) => sum + store.imageBytes, 0);
  const most = Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_BYTES / bytes)));
  const memory = new Memory(kernels, most);
  for (const store of stores) store.at = memory.place(most * store.imageBytes);
  const y = memory.place(most * classes * 4);
  memory.share(16 * (classes + 8));
  const steps = program.steps(memory);
  memory.grow();

  const { store } = program.input;
  const [height, width, channels] = store.dims;
  const line = width * channels;
  const { buffer } = kernels.memory;
  const given = new Float32Array(buffer);
  const made = new Float32Array(buffer, y, most * classes);
  const output = program.output.store;

  /** Writes image `image` of data as the first layer reads it, at place `at` among those computed together. */
  function give(data: Uint8Array | Float32Array, image: number, at: number): void {
    if (program.bytes?.given) {
      program.bytes.write(kernels.memory, data as Uint8Array, image * inputs, at);
      return;
    }
    const start = store.first + at * store.imageBytes;
    const together = store.hasHalo ? 1 : height;
    for (let row = 0; row < height; row += together)
      reader.write(
        data,
        image * inputs + row * line,
        together * line,
        given,
        (start + row * store.rowBytes) / 4,
      );
    if (kernels.allFinite(store.at + at * store.imageBytes, roundUp(store.areaBytes, 16))) return;
    for (let i = 0; i < inputs; i++) {
      const row = Math.floor(i / line);
      if (!Number.isFinite(given[(start + row * store.rowBytes) / 4 + (i % line)]))
        throw notFinite(data, image * inputs + i, inputs);
    }
  }

  /** Writes the probabilities of images [first, first + count) of data to the same rows of `to`. */
  function forward(data: Uint8Array | Float32Array, first: number, count: number, to: Float32Array): void {
    for (let i = 0; i < count; i++) give(data, first + i, i);
    for (const step of steps) step(count);
    kernels.softmax(count, classes, output.first, output.imageBytes, y, memory.scratch);
    to.set(made.subarray(0, count * classes), first * classes);
  }

  function predictBatch(data: Uint8Array | Float32Array, n: number): Predictions {
    reader.check(data, n);
    if (program.bytes) program.bytes.given = brandOf(data) === 'Uint8Array';
    const probabilities = new Float32Array(n * classes);
    for (let first = 0; first < n; first += most) {
      forward(data, first, Math.min(most, n - first), probabilities);
    }
    return { labels: mostProbable(probabilities, n, classes), probabilities };
  }

  function predict(one: Uint8Array | Float32Array): Prediction {
    const { labels, probabilities } = predictBatch(one, 1);
    return { label: labels[0]!, probabilities };
  }

  return { inputs, shape: input.shape, classes, classNames, predict, predictBatch };
}

/** The class of each row; the first in a tie. @throws DistillError 'diverged' if there is none. */
function mostProbable(probabilities: Float32Array, n: number, classes: number): Ints {
  const labels = new Int32Array(n);
  for (let r = 0; r < n; r++) {
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const p = probabilities[r * classes + c]!;
      if (!Number.isFinite(p)) {
        throw new DistillError(
          'diverged',
          `the model gives ${p} for input ${r}: its weights or the input are too large`,
        );
      }
      if (p > probabilities[r * classes + best]!) best = c;
    }
    labels[r] = best;
  }
  return labels;
}
