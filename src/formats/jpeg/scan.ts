import { BitReader, type Huffman } from './bits.js';
import { badJpeg, type Component, type Frame, ZIGZAG } from './markers.js';

/** A scan: some components' coefficients first … last (in the file's order), down to bit `low`. */
export interface Scan {
  readonly components: readonly { component: Component; dc: Huffman | undefined; ac: Huffman | undefined }[];
  readonly first: number;
  readonly last: number;
  /** Down to which bit they were known before, 0 for not at all. */
  readonly high: number;
  readonly low: number;
  /** Units between restarts, 0 for none. */
  readonly restart: number;
}

/** Decodes the data of a scan, which begins at `at`; answers where it ends. */
export function readScan(bytes: Uint8Array, at: number, frame: Frame, scan: Scan, name: string): number {
  const bits = new BitReader(bytes, at, name);
  const decode = decoderOf(bits, frame, scan, name);
  let done = 0;
  const beginUnit = () => {
    if (scan.restart > 0 && done > 0 && done % scan.restart === 0) {
      bits.restart(done / scan.restart);
      decode.restart();
    }
    done++;
  };
  if (scan.components.length === 1) {
    const { component } = scan.components[0]!;
    const wide = Math.ceil(component.width / 8);
    const high = Math.ceil(component.height / 8);
    for (let y = 0; y < high; y++)
      for (let x = 0; x < wide; x++) {
        beginUnit();
        decode.block(0, (y * component.blocksWide + x) * 64);
      }
    return bits.at;
  }
  for (let y = 0; y < frame.unitsHigh; y++)
    for (let x = 0; x < frame.unitsWide; x++) {
      beginUnit();
      for (let i = 0; i < scan.components.length; i++) {
        const { across, down, blocksWide } = scan.components[i]!.component;
        for (let v = 0; v < down; v++)
          for (let h = 0; h < across; h++)
            decode.block(i, ((y * down + v) * blocksWide + x * across + h) * 64);
      }
    }
  return bits.at;
}

interface Decoder {
  /** Decodes the block of component `index` whose coefficients begin at `at`. */
  block(index: number, at: number): void;
  /** Forgets what was carried from block to block. */
  restart(): void;
}

function decoderOf(bits: BitReader, frame: Frame, scan: Scan, name: string): Decoder {
  const parts = scan.components;
  const dc = parts.map((part) => part.dc);
  const ac = parts.map((part) => part.ac);
  const needsDc = scan.first === 0 && scan.high === 0;
  const needsAc = scan.last > 0;
  if ((needsDc && dc.includes(undefined)) || (needsAc && ac.includes(undefined)))
    throw badJpeg(name, 'names a Huffman table that it lacks');
  if (!frame.progressive) return sequential(bits, scan, name);
  if (scan.first === 0) return scan.high === 0 ? firstDc(bits, scan) : refineDc(bits, scan);
  return scan.high === 0 ? firstAc(bits, scan, name) : refineAc(bits, scan, name);
}

/** All 64 coefficients of a block at once. */
function sequential(bits: BitReader, { components }: Scan, name: string): Decoder {
  const before = new Int32Array(components.length);
  return {
    restart: () => void before.fill(0),
    block(index, at) {
      const { component, dc, ac } = components[index]!;
      const { coefficients } = component;
      before[index]! += bits.readSigned(lengthOf(bits.symbol(dc!), name));
      coefficients[at] = before[index]!;
      for (let k = 1; k < 64; k++) {
        const symbol = bits.symbol(ac!);
        const length = symbol & 15;
        const zeros = symbol >> 4;
        if (length === 0) {
          if (zeros < 15) break;
          k += 15;
          continue;
        }
        k += zeros;
        coefficients[at + placeOf(k, 63, name)] = bits.readSigned(length);
      }
    },
  };
}

function firstDc(bits: BitReader, { components, low }: Scan): Decoder {
  const before = new Int32Array(components.length);
  return {
    restart: () => void before.fill(0),
    block(index, at) {
      const { component, dc } = components[index]!;
      before[index]! += bits.readSigned(bits.symbol(dc!) & 15);
      component.coefficients[at] = before[index]! << low;
    },
  };
}

function refineDc(bits: BitReader, { components, low }: Scan): Decoder {
  return {
    restart: () => {},
    block(index, at) {
      if (bits.read(1)) components[index]!.component.coefficients[at]! |= 1 << low;
    },
  };
}

function firstAc(bits: BitReader, { components, first, last, low }: Scan, name: string): Decoder {
  const { component, ac } = components[0]!;
  const { coefficients } = component;
  /** How many blocks from here on have nothing more. */
  let empty = 0;
  return {
    restart: () => {
      empty = 0;
    },
    block(_, at) {
      if (empty > 0) {
        empty--;
        return;
      }
      for (let k = first; k <= last; k++) {
        const symbol = bits.symbol(ac!);
        const length = symbol & 15;
        const zeros = symbol >> 4;
        if (length > 0) {
          k += zeros;
          coefficients[at + placeOf(k, last, name)] = bits.readSigned(length) << low;
        } else if (zeros === 15) k += 15;
        else {
          empty = (1 << zeros) - 1 + bits.read(zeros);
          break;
        }
      }
    },
  };
}

/** One more bit of coefficients that aren't 0, and those that become ±1 at this bit. */
function refineAc(bits: BitReader, { components, first, last, low }: Scan, name: string): Decoder {
  const { component, ac } = components[0]!;
  const { coefficients } = component;
  const unit = 1 << low;
  let empty = 0;
  const refine = (place: number) => {
    const value = coefficients[place]!;
    if (bits.read(1) && (value & unit) === 0) coefficients[place] = value + (value >= 0 ? unit : -unit);
  };
  return {
    restart: () => {
      empty = 0;
    },
    block(_, at) {
      let k = first;
      while (empty === 0 && k <= last) {
        const symbol = bits.symbol(ac!);
        let zeros = symbol >> 4;
        let value = 0;
        if ((symbol & 15) > 1) throw badJpeg(name, 'refines a coefficient by more than a bit');
        if ((symbol & 15) === 1) value = bits.read(1) ? unit : -unit;
        else if (zeros < 15) {
          empty = (1 << zeros) + bits.read(zeros);
          break;
        }
        for (; k <= last; k++) {
          const place = at + ZIGZAG[k]!;
          if (coefficients[place] !== 0) refine(place);
          else if (zeros-- === 0) break;
        }
        if (value !== 0) coefficients[at + placeOf(k, last, name)] = value;
        k++;
      }
      if (empty === 0) return;
      for (; k <= last; k++) {
        const place = at + ZIGZAG[k]!;
        if (coefficients[place] !== 0) refine(place);
      }
      empty--;
    },
  };
}

function placeOf(k: number, last: number, name: string): number {
  if (k > last) throw badJpeg(name, 'has a block of more coefficients than there are');
  return ZIGZAG[k]!;
}

function lengthOf(symbol: number, name: string): number {
  if (symbol > 15) throw badJpeg(name, `has a coefficient of ${symbol} bits`);
  return symbol;
}
