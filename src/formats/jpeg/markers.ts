import { DistillError } from '../../errors.js';
import { MOST_PIXELS } from '../image.js';

export function badJpeg(name: string, found: string): DistillError {
  return new DistillError('bad-file', `${name}: the JPEG ${found}; get or save it again`);
}

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** One of the planes that a picture is made of, such as brightness, whole or at a fraction of the resolution. */
export interface Component {
  readonly id: number;
  /** How many blocks of it a unit of a scan has, across and down. */
  readonly across: number;
  readonly down: number;
  readonly quantization: number;
  /** In samples that belong to the picture. */
  readonly width: number;
  readonly height: number;
  /** In blocks of 8 × 8, as many as whole units have. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** [blocksHigh, blocksWide, 64], in natural order. */
  readonly coefficients: Int16Array;
  /** [64]: down to which bit each coefficient is known; −1 for not at all. */
  readonly known: Int8Array;
  /** What it is multiplied by, [64] in natural order: of when its first scan began. */
  table?: Uint16Array | undefined;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly Component[];
  /** The most blocks across and down of any component. */
  readonly across: number;
  readonly down: number;
  /** Units of a scan of several components. */
  readonly unitsWide: number;
  readonly unitsHigh: number;
}

const KINDS: Readonly<Record<number, string>> = {
  195: 'lossless',
  197: 'differential',
  198: 'differential',
  199: 'differential',
  201: 'arithmetically coded',
  202: 'arithmetically coded',
  203: 'arithmetically coded',
  205: 'arithmetically coded',
  206: 'arithmetically coded',
  207: 'arithmetically coded',
};

/** Whether it begins a frame (SOF), of a kind that is read or not. */
export function beginsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Reads a frame's header and makes room for its coefficients, unless `size`, the file's, shows that it lies. */
export function readFrame(marker: number, body: Uint8Array, size: number, name: string): Frame {
  const kind = KINDS[marker];
  if (kind)
    throw new DistillError(
      'bad-file',
      `${name}: the JPEG is ${kind}, and only baseline and progressive ones are read; save it as one of these`,
    );
  const count = body[5] ?? 0;
  if (body.length !== 6 + 3 * count || ![1, 3, 4].includes(count))
    throw badJpeg(name, `has a frame of ${count} components where 1, 3 or 4 are read`);
  if (body[0] !== 8) throw badJpeg(name, `has ${body[0]} bits where 8 are read`);
  const height = (body[1]! << 8) | body[2]!;
  const width = (body[3]! << 8) | body[4]!;
  if (height === 0 || width === 0 || height * width > MOST_PIXELS)
    throw badJpeg(name, `declares ${width} × ${height} pixels where 1 to ${MOST_PIXELS} are read`);
  const rows = Array.from({ length: count }, (_, i) => body.subarray(6 + 3 * i, 9 + 3 * i));
  const factors = rows.map((row) => ({ across: row[1]! >> 4, down: row[1]! & 15 }));
  if (factors.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4))
    throw badJpeg(name, 'has a sampling factor that is not 1 to 4');
  const across = Math.max(...factors.map((factor) => factor.across));
  const down = Math.max(...factors.map((factor) => factor.down));
  if (factors.some((factor) => across % factor.across !== 0 || down % factor.down !== 0))
    throw badJpeg(name, 'has planes whose resolutions are no whole fractions of each other');
  const unitsWide = Math.ceil(width / (8 * across));
  const unitsHigh = Math.ceil(height / (8 * down));
  // Each block takes a bit at least, so that a small file can't ask for much memory.
  const blocks =
    factors.reduce((sum, factor) => sum + factor.across * factor.down, 0) * unitsWide * unitsHigh;
  if (blocks > 8 * size)
    throw badJpeg(name, `declares ${width} × ${height} pixels, which ${size} bytes can't hold`);
  const components = rows.map((row, i): Component => {
    const own = factors[i]!;
    const blocksWide = unitsWide * own.across;
    const blocksHigh = unitsHigh * own.down;
    return {
      id: row[0]!,
      ...own,
      quantization: row[2]!,
      width: Math.ceil((width * own.across) / across),
      height: Math.ceil((height * own.down) / down),
      blocksWide,
      blocksHigh,
      coefficients: new Int16Array(blocksWide * blocksHigh * 64),
      known: new Int8Array(64).fill(-1),
    };
  });
  return { width, height, progressive: marker === 0xc2, components, across, down, unitsWide, unitsHigh };
}

/** Natural places of coefficients in the order of the file, which goes in zigzags from the corner. */
export const ZIGZAG: readonly number[] = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];
