/** What a page of data holds, beside its values. */
export interface PageLayout {
  /** How many values there are, nulls too. */
  readonly count: number;
  readonly encoding: string | undefined;
  /** How deep a value is repeated, and how many of its parents and itself may be null; 0 for never. */
  readonly repetition: number;
  readonly definition: number;
}

/**
 * Whether no run of a page is longer than the page: levels and indices are stored as runs, value and length, and
 * hyparquet writes out whatever length a damaged file says, up to 2³¹.
 */
export function runsFit(page: Uint8Array, layout: PageLayout): boolean {
  let at = 0;
  for (const most of [layout.repetition, layout.definition]) {
    if (most === 0) continue;
    const end = blockEnd(page, at);
    if (end < 0 || !fits(page, at + 4, end, widthOf(most), layout.count)) return false;
    at = end;
  }
  return valuesFit(page, at, layout);
}

/** The same for the values alone, which begin at `at`. */
export function valuesFit(page: Uint8Array, at: number, { count, encoding }: PageLayout): boolean {
  if (encoding === 'RLE') {
    const end = blockEnd(page, at);
    return end >= 0 && fits(page, at + 4, end, 1, count);
  }
  if (!encoding?.endsWith('_DICTIONARY')) return true;
  const width = page[at];
  return width === undefined ? count === 0 : width === 0 || fits(page, at + 1, page.length, width, count);
}

/** The same for levels whose length the page's header has. */
export function levelsFit(levels: Uint8Array, most: number, count: number): boolean {
  return most === 0 || fits(levels, 0, levels.length, widthOf(most), count);
}

function widthOf(most: number): number {
  return 32 - Math.clz32(most);
}

/** Where a block ends that begins with its length; −1 where that is outside of the page. */
function blockEnd(page: Uint8Array, at: number): number {
  if (at + 4 > page.length) return -1;
  const end = at + 4 + new DataView(page.buffer, page.byteOffset + at, 4).getUint32(0, true);
  return end <= page.length ? end : -1;
}

function fits(bytes: Uint8Array, from: number, end: number, width: number, count: number): boolean {
  if (width > 32) return false;
  let at = from;
  for (let seen = 0; seen < count && at < end; ) {
    let head = 0;
    let unit = 1;
    let byte: number;
    do {
      if (at >= end || unit > 2 ** 28) return false;
      byte = bytes[at++]!;
      head += (byte & 127) * unit;
      unit *= 128;
    } while (byte > 127);
    const packed = head % 2 === 1;
    const length = Math.floor(head / 2);
    // Packed values come in eights, of which the last may be filled up.
    if (packed ? length > Math.ceil((count - seen) / 8) : length > count - seen) return false;
    seen += packed ? 8 * length : length;
    at += packed ? length * width : Math.ceil(width / 8);
  }
  return true;
}
