import { badJpeg } from './markers.js';

/** Codes of up to this many bits are looked up at once. */
const FAST = 9;

/** A Huffman table: which symbol the next bits stand for. */
export interface Huffman {
  /** [2^FAST]: length · 256 + symbol for what begins with these bits; 0 where the code is longer. */
  readonly fast: Uint16Array;
  /** [18]: the largest code of each length, −1 where there is none. */
  readonly largest: Int32Array;
  /** [17]: where the symbols of a length begin, less its first code. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/** A table from how many codes there are of 1 … 16 bits, and their symbols. Undefined if there are too many. */
export function makeHuffman(counts: Uint8Array, symbols: Uint8Array): Huffman | undefined {
  const fast = new Uint16Array(1 << FAST);
  const largest = new Int32Array(18).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) return undefined;
    offset[length] = next - code;
    if (count > 0) largest[length] = code + count - 1;
    for (let i = 0; i < count; i++, code++, next++)
      if (length <= FAST) {
        const begin = code << (FAST - length);
        fast.fill((length << 8) | symbols[next]!, begin, begin + (1 << (FAST - length)));
      }
  }
  return { fast, largest, offset, symbols };
}

/** The bits of a scan's data, from `at` until the next marker; FF 00 stands for the byte FF. */
export class BitReader {
  private bits = 0;
  private held = 0;
  /** How many of the bits held are zeros that the file doesn't have. */
  private padding = 0;

  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
    private readonly name: string,
  ) {}

  private fill(): void {
    while (this.held <= 16) {
      let byte = 0;
      const next = this.bytes[this.at];
      if (next === undefined || (next === 0xff && this.bytes[this.at + 1] !== 0)) this.padding += 8;
      else {
        byte = next;
        this.at += next === 0xff ? 2 : 1;
      }
      this.bits = (this.bits << 8) | byte;
      this.held += 8;
    }
  }

  private drop(count: number): void {
    this.held -= count;
    if (this.held < this.padding)
      throw badJpeg(this.name, `ends in the midst of its picture, at byte ${this.at}`);
  }

  /** The next `count` bits, 0 to 16, as a number. */
  read(count: number): number {
    if (count === 0) return 0;
    if (this.held < count) this.fill();
    const value = (this.bits >>> (this.held - count)) & ((1 << count) - 1);
    this.drop(count);
    return value;
  }

  /** A number of `count` bits as coefficients have it: the upper half is positive, the lower stands for negatives. */
  readSigned(count: number): number {
    const value = this.read(count);
    return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  symbol(table: Huffman): number {
    if (this.held < 16) this.fill();
    const found = table.fast[(this.bits >>> (this.held - FAST)) & ((1 << FAST) - 1)]!;
    if (found > 0) {
      this.drop(found >> 8);
      return found & 255;
    }
    for (let length = FAST + 1; length <= 16; length++) {
      const code = (this.bits >>> (this.held - length)) & ((1 << length) - 1);
      if (code <= table.largest[length]!) {
        this.drop(length);
        return table.symbols[table.offset[length]! + code]!;
      }
    }
    throw badJpeg(this.name, `has a code that isn't one of its table's, before byte ${this.at}`);
  }

  /** Goes on behind the marker that starts again for the `count`th time (RST), which must be the next. */
  restart(count: number): void {
    this.bits = 0;
    this.held = 0;
    this.padding = 0;
    while (this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === 0xff) this.at++;
    const marker = this.bytes[this.at] === 0xff ? this.bytes[this.at + 1]! : 0;
    if (marker !== 0xd0 + ((count - 1) & 7))
      throw badJpeg(this.name, `has no restart marker at byte ${this.at}`);
    this.at += 2;
  }
}
