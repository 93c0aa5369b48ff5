/** What the planes of a picture mean. */
export type ColorSpace = 'gray' | 'rgb' | 'ycc' | 'cmyk' | 'ycck';

/** What a file says of its colors, beside its components: Adobe's marker (−1: none), and whether there is JFIF's. */
export interface ColorHints {
  jfif: boolean;
  adobe: number;
}

/** libjpeg's guess, which is everybody's. */
export function colorSpaceOf(ids: readonly number[], { jfif, adobe }: ColorHints): ColorSpace {
  if (ids.length === 1) return 'gray';
  if (ids.length === 4) return adobe === 2 ? 'ycck' : 'cmyk';
  if (jfif) return 'ycc';
  if (adobe >= 0) return adobe === 0 ? 'rgb' : 'ycc';
  return String.fromCharCode(...ids) === 'RGB' ? 'rgb' : 'ycc';
}

/** A row of planes, each of `width` samples at least, to `width` pixels from `to` on. */
export function paintRow(
  space: ColorSpace,
  planes: readonly Uint8Array[],
  width: number,
  out: Uint8ClampedArray,
  to: number,
): void {
  if (space === 'gray') {
    out.set(planes[0]!.subarray(0, width), to);
    return;
  }
  const [first, second, third, black] = planes as readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  for (let x = 0; x < width; x++, to += 3) {
    if (space === 'rgb' || space === 'cmyk') {
      out[to] = first[x]!;
      out[to + 1] = second[x]!;
      out[to + 2] = third[x]!;
    } else {
      // 2¹⁶ times 1.402, 1.772, 0.71414 and 0.34414, and a half.
      const y = first[x]!;
      const blue = second[x]! - 128;
      const red = third[x]! - 128;
      out[to] = y + ((91881 * red + 32768) >> 16);
      out[to + 1] = y + ((-22554 * blue - 46802 * red + 32768) >> 16);
      out[to + 2] = y + ((116130 * blue + 32768) >> 16);
    }
    if (black) blacken(out, to, black[x]!, space === 'ycck');
  }
}

/**
 * Inks to colors as Pillow has it. Files hold inks upside down (255: none), and their fourth darkens the others; what is
 * read of YCCK are colors, which stand upside down once more.
 */
function blacken(out: Uint8ClampedArray, at: number, light: number, upsideDown: boolean): void {
  for (let k = 0; k < 3; k++) {
    const ink = upsideDown ? out[at + k]! : 255 - out[at + k]!;
    const product = ink * light + 128;
    out[at + k] = light - (((product >> 8) + product) >> 8);
  }
}
