import type { Pair, WindowAttributes } from '../../../graph/names.js';
import { PixelClass } from '../layout.js';

/**
 * Along one axis: places of y that have the same taps inside x. Places first, first + step, … of y; for the first of
 * them the first of these taps lies at `from` in x, for the next one `fromStep` further on.
 */
interface AxisClass {
  readonly first: number;
  readonly count: number;
  readonly step: number;
  readonly from: number;
  readonly fromStep: number;
  /** Its taps: `taps` of them from the `tap`-th of its phase on. */
  readonly phase: number;
  readonly tap: number;
  readonly taps: number;
}

/**
 * Places of y that have the same taps of the kernel, inside x or not, are a phase. Convolution has one; the gradient of
 * its input has one for each remainder of a place by the stride.
 */
interface Axis {
  /** Taps of the kernel, those included that no phase needs, as y is smaller than the stride. */
  readonly kernel: number;
  /** The taps of each phase in the order of the places of x that they read. */
  readonly phases: readonly (readonly number[])[];
  readonly classes: readonly AxisClass[];
  /** Places of x from one tap of a phase to the next. */
  readonly apart: number;
}

interface AxisWindow {
  readonly kernel: number;
  readonly stride: number;
  readonly before: number;
  readonly dilation: number;
}

/** Convolution: tap t of place i reads place i·stride − before + t·dilation. */
export function forwardAxis(from: number, to: number, window: AxisWindow): Axis {
  const { kernel, stride, before, dilation } = window;
  const taps = Array.from({ length: kernel }, (_, t) => t);
  const places = Array.from({ length: to }, (_, i) => i);
  return {
    kernel,
    phases: [taps],
    classes: grouped(places, taps, from, 0, stride, (i, t) => i * stride - before + t * dilation),
    apart: dilation,
  };
}

/**
 * The gradient of the input gathers: tap t of place i reads place (i + before − t·dilation)/stride of the other
 * gradient, if that is whole. So taps are read in reverse.
 */
export function backwardAxis(from: number, to: number, window: AxisWindow): Axis {
  const { kernel, stride, before, dilation } = window;
  const phases = Array.from({ length: Math.min(stride, to) }, (_, first) =>
    Array.from({ length: kernel }, (_, t) => kernel - 1 - t).filter(
      (t) => (first + before - t * dilation) % stride === 0,
    ),
  );
  return {
    kernel,
    phases,
    classes: phases.flatMap((taps, first) => {
      const places = Array.from({ length: Math.ceil((to - first) / stride) }, (_, i) => first + i * stride);
      return grouped(places, taps, from, first, 1, (i, t) => (i + before - t * dilation) / stride);
    }),
    apart: dilation / greatestCommonDivisor(dilation, stride),
  };
}

/** The places of a phase in classes. */
function grouped(
  places: readonly number[],
  taps: readonly number[],
  size: number,
  phase: number,
  fromStep: number,
  read: (place: number, tap: number) => number,
): AxisClass[] {
  const step = places.length > 1 ? places[1]! - places[0]! : 1;
  const classes: AxisClass[] = [];
  for (const first of places) {
    const inside = taps.map((t) => read(first, t)).map((place) => place >= 0 && place < size);
    const tap = Math.max(0, inside.indexOf(true));
    const count = inside.filter(Boolean).length;
    const last = classes.at(-1);
    if (last && last.tap === tap && last.taps === count) {
      classes[classes.length - 1] = { ...last, count: last.count + 1 };
    } else {
      const from = count > 0 ? read(first, taps[tap]!) : 0;
      classes.push({
        first,
        count: 1,
        step,
        from,
        fromStep: count > 0 ? fromStep : 0,
        phase,
        tap,
        taps: count,
      });
    }
  }
  return classes;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** What the kernel reads: classes of pixels with their segments, and the order in which weights are packed for it. */
export interface Geometry {
  readonly classes: number;
  readonly words: readonly number[];
  readonly order: readonly number[];
}

/** Classes are pairs of a class of rows and one of columns (PixelClass); x's images are `width` · `channels` floats wide. */
export function geometryOf(y: Axis, x: Axis, width: number, channels: number): Geometry {
  const starts = startsOf(y, x);
  const pairs = y.classes.flatMap((v) => x.classes.map((h) => ({ v, h })));
  const words: number[] = [];
  const segments: number[] = [];
  for (const { v, h } of pairs) {
    const across = x.phases[h.phase]!.length;
    const row = (starts[v.phase]![h.phase]! + v.tap * across + h.tap) * channels;
    const own = segmentsOf(v.taps, h.taps, y.apart * width, x.apart, across, channels);
    words.push(v.first, v.count, v.step, v.from, v.fromStep, h.first, h.count, h.step, h.from, h.fromStep);
    words.push(row, own.run, pairs.length * PixelClass.words + segments.length, own.jumps.length / 2);
    segments.push(...own.jumps);
  }
  const order = y.phases.flatMap((rows) =>
    x.phases.flatMap((columns) => rows.flatMap((ty) => columns.map((tx) => ty * x.kernel + tx))),
  );
  return { classes: pairs.length, words: [...words, ...segments], order };
}

/** The number of taps that come before those of each pair of phases. */
function startsOf(y: Axis, x: Axis): number[][] {
  let start = 0;
  return y.phases.map((rows) =>
    x.phases.map((columns) => {
      const here = start;
      start += rows.length * columns.length;
      return here;
    }),
  );
}

/**
 * Runs of consecutive floats, and after each the way to the next: bytes of x, and rows of weights that are skipped.
 * `down` and `apart` are pixels from one tap to the one below it and to the one at its right, `across` the taps of a
 * packed kernel row.
 */
function segmentsOf(
  tapsY: number,
  tapsX: number,
  down: number,
  apart: number,
  across: number,
  channels: number,
): { run: number; jumps: number[] } {
  if (tapsY === 0 || tapsX === 0) return { run: 0, jumps: [] };
  const together = apart === 1 ? tapsX : 1;
  const pieces = tapsX / together;
  const skipped = (across - tapsX) * channels;
  const rowEnd = down - (pieces - 1) * apart - together;
  if (pieces === 1 && rowEnd === 0 && skipped === 0) return { run: tapsY * tapsX * channels, jumps: [0, 0] };
  const row = [
    ...Array.from({ length: pieces - 1 }, () => [(apart - 1) * channels * 4, 0]).flat(),
    ...[rowEnd * channels * 4, skipped],
  ];
  return { run: together * channels, jumps: Array.from({ length: tapsY }, () => row).flat() };
}

/** An axis of a window that moves over images: 0 along y, 1 along x. */
export function axisWindow(
  { stride, padding, dilation }: WindowAttributes,
  kernel: Pair,
  axis: 0 | 1,
): AxisWindow {
  return { kernel: kernel[axis], stride: stride[axis], before: padding[axis], dilation: dilation[axis] };
}
