import { DistillError } from '../errors.js';
import { inputOf, notFinite } from './input.js';
import { instantiate, reserve } from './kernels.js';
import type { StudentFile } from './layers.js';
import { fillLayer, placeLayer, roundUp, runLayer } from './pack.js';

/** The prediction for one input. */
export interface Prediction {
  /** The most probable class; the first in a tie. */
  label: number;
  /** [classes], with sum 1. */
  probabilities: Float32Array<ArrayBuffer>;
}

/** The predictions for n inputs. */
export interface Predictions {
  /** [n] */
  labels: Int32Array<ArrayBuffer>;
  /** [n, classes], row by row. */
  probabilities: Float32Array<ArrayBuffer>;
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

/** Rows computed together, unless layers are so wide that the rows would take more memory than the weights. */
const MOST_ROWS = 128;
const MOST_NUMBERS = 2 ** 20;
const CACHE_LINE = 64;

export async function createStudent(
  module: WebAssembly.Module,
  { input, unit, classNames, layers }: StudentFile,
): Promise<Student> {
  const kernels = await instantiate(module);
  const reader = inputOf(input, unit);
  const inputs = reader.size;
  const classes = layers.at(-1)!.outputs;

  let end = kernels.BASE.value;
  const place = (bytes: number): number => {
    const address = roundUp(end, CACHE_LINE);
    end = address + bytes;
    return address;
  };
  const placed = layers.map((layer) => placeLayer(kernels, layer, place));
  const stride = roundUp(inputs, 4);
  const widest = Math.max(stride, ...placed.map(({ width }) => width));
  const mostRows = Math.min(MOST_ROWS, Math.ceil(MOST_NUMBERS / widest));
  const x = place(mostRows * stride * 4);
  const between = [place(mostRows * widest * 4), place(mostRows * widest * 4)];
  const y = place(mostRows * classes * 4);
  const scratch = place(Math.max(16 * (widest + 8), kernels.scratchOf(mostRows, widest)));
  reserve(kernels.memory, end);
  layers.forEach((layer, i) => {
    fillLayer(kernels, layer, placed[i]!);
  });

  const { buffer } = kernels.memory;
  const given = new Float32Array(buffer, x, mostRows * stride);
  const made = new Float32Array(buffer, y, mostRows * classes);

  /** Writes rows [first, first + rows) of data, with zeros between them if they aren't whole vectors. */
  function give(data: Uint8Array | Float32Array, first: number, rows: number): void {
    const together = stride === inputs ? rows : 1;
    for (let r = 0; r < rows; r += together)
      reader.write(data, (first + r) * inputs, together * inputs, given, r * stride);
    if (kernels.allFinite(x, rows * stride * 4)) return;
    const bad = given.findIndex((value) => !Number.isFinite(value));
    throw notFinite(data, (first + Math.floor(bad / stride)) * inputs + (bad % stride), inputs);
  }

  /** Writes the probabilities of rows [first, first + rows) of data to the same rows of `to`. */
  function forward(data: Uint8Array | Float32Array, first: number, rows: number, to: Float32Array): void {
    give(data, first, rows);
    let from = x;
    let ldx = stride * 4;
    placed.forEach((layer, i) => {
      const target = between[i % 2]!;
      runLayer(kernels, layer, rows, from, ldx, target, scratch);
      from = target;
      ldx = layer.width * 4;
    });
    kernels.softmax(rows, classes, from, ldx, y, scratch);
    to.set(made.subarray(0, rows * classes), first * classes);
  }

  function predictBatch(data: Uint8Array | Float32Array, n: number): Predictions {
    reader.check(data, n);
    const probabilities = new Float32Array(n * classes);
    for (let first = 0; first < n; first += mostRows) {
      forward(data, first, Math.min(mostRows, n - first), probabilities);
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
function mostProbable(probabilities: Float32Array, n: number, classes: number): Int32Array<ArrayBuffer> {
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
