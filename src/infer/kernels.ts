import { DistillError } from '../errors.js';

/** What assembly/infer exports, and describes; addresses and distances (ld…, …Row, …Pixel) are in bytes. */
export interface Kernels {
  memory: WebAssembly.Memory;
  BASE: WebAssembly.Global<'i32'>;
  /** Whether all floats of [at, at + bytes) are finite; bytes is a multiple of 16. AssemblyScript's bool: 0 or 1. */
  allFinite(at: number, bytes: number): number;
  /** Bytes of scratch that dense needs for this many rows. */
  denseScratch(rows: number, n: number): number;
  dense(
    rows: number,
    n: number,
    k: number,
    x: number,
    ldx: number,
    w: number,
    bias: number,
    y: number,
    ldy: number,
    relu: boolean,
    scratch: number,
  ): void;
  denseInt8(
    rows: number,
    n: number,
    k: number,
    x: number,
    ldx: number,
    w: number,
    scales: number,
    sums: number,
    bias: number,
    y: number,
    ldy: number,
    relu: boolean,
    scratch: number,
  ): void;
  product(
    tiles: number,
    table: number,
    runs: number,
    count: number,
    depth: number,
    x: number,
    w: number,
    bias: number,
    y: number,
    n: number,
    accumulate: boolean,
    relu: boolean,
  ): void;
  productInt(
    tiles: number,
    table: number,
    runs: number,
    count: number,
    depth: number,
    x: number,
    w: number,
    step: number,
    scales: number,
    bias: number,
    y: number,
    n: number,
    accumulate: boolean,
    relu: boolean,
  ): void;
  /** The greatest magnitude. */
  range(rows: number, pixels: number, n: number, x: number, xRow: number, xPixel: number): number;
  quantize(
    rows: number,
    pixels: number,
    n: number,
    x: number,
    xRow: number,
    xPixel: number,
    q: number,
    qRow: number,
    qPixel: number,
    inverse: number,
  ): void;
  depthwise(
    rows: number,
    columns: number,
    c: number,
    taps: number,
    count: number,
    x: number,
    xRow: number,
    xPixel: number,
    w: number,
    bias: number,
    y: number,
    yRow: number,
    yPixel: number,
    relu: boolean,
  ): void;
  map(
    kind: number,
    rows: number,
    pixels: number,
    n: number,
    x: number,
    xRow: number,
    xPixel: number,
    y: number,
    yRow: number,
    yPixel: number,
    slope: number,
    p: number,
    q: number,
  ): void;
  maxout(
    rows: number,
    pixels: number,
    n: number,
    pieces: number,
    x: number,
    xRow: number,
    xPixel: number,
    y: number,
    yRow: number,
    yPixel: number,
  ): void;
  pool(
    share: number,
    height: number,
    width: number,
    c: number,
    x: number,
    xRow: number,
    xPixel: number,
    rows: number,
    columns: number,
    y: number,
    yRow: number,
    yPixel: number,
    kernelY: number,
    kernelX: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
  ): void;
  softmax(rows: number, columns: number, z: number, ldz: number, y: number, scratch: number): void;
}

const PAGE = 65_536;

/** An instance with its own memory. @throws DistillError 'mismatch' or 'memory' */
export async function instantiate(module: WebAssembly.Module): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module).catch((cause: Error) => {
    if (cause.name !== 'RangeError') return { exports: {} };
    throw new DistillError('memory', `this machine refused memory (${cause.message}): raise ulimit -v`, {
      cause,
    });
  });
  if ('allFinite' in exports) return exports as unknown as Kernels;
  throw new DistillError(
    'mismatch',
    "options.module isn't wasm-distill/infer.wasm: give the one of this version of the package",
  );
}

/** Grows the memory to at least `end` bytes. @throws DistillError 'memory' */
export function reserve(memory: WebAssembly.Memory, end: number): void {
  const missing = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw new DistillError(
      'memory',
      `the model needs ${Math.ceil(end / 2 ** 20)} MiB, which can't be had here: use a smaller or an 8-bit student`,
      { cause },
    );
  }
}
