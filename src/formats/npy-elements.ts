import { DistillError } from '../errors.js';
import { aligned } from './aligned.js';
import type { NumericArray } from './numeric-array.js';
import { smallFloats, valuesOf } from './small-floats.js';

type Data = NumericArray['data'];

/** Typed arrays by NumPy's letter and bytes of an element. */
const arrays = {
  b1: Uint8Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

/** What can't be numbers, with the remedy, by letter. */
const refused: Readonly<Record<string, string>> = {
  O: 'holds Python objects, which only Python can read: save numbers or texts, as by array.astype(numpy.float32)',
  c: 'holds complex numbers: save their real and imaginary parts as two arrays',
  V: 'holds raw bytes, as numpy writes bfloat16: save it as float32',
  M: 'holds dates: save them as numbers',
  m: 'holds spans of time: save them as numbers',
  f: 'holds floats of an unusual width: save them as float32',
};

/** How many bytes an element has. Throws `bad-file` for what can't be read. */
export function elementBytes(descr: string, name: string): number {
  return typeOf(descr, name).each;
}

/** What a type's name means; texts have bytes of a character. */
function typeOf(descr: string, name: string) {
  const [, order = '', kind = '', width = '0'] = /^([<>|=]?)([A-Za-z?])(\d*)(?:\[\w+\])?$/.exec(descr) ?? [];
  const text = kind === 'U' ? 4 : kind === 'S' ? 1 : 0;
  const Elements = Object.hasOwn(arrays, kind + width)
    ? arrays[(kind + width) as keyof typeof arrays]
    : undefined;
  if (!text && !Elements) {
    const why =
      refused[kind] ?? `has elements of type ${JSON.stringify(descr.slice(0, 20))}: save them as float32`;
    throw new DistillError('bad-file', `${name}: the npy file ${why}`);
  }
  const each = text ? text * Number(width) : Elements!.BYTES_PER_ELEMENT;
  return { order, kind, width, text, Elements, each };
}

/**
 * `count` elements from the start of the bytes, which must be all there is. `descr` is a type as NumPy names it: '<f4'.
 * Throws `bad-file`.
 */
export function readElements(bytes: Uint8Array, descr: string, count: number, name: string): Data | string[] {
  const { order, kind, width, text, Elements, each } = typeOf(descr, name);
  // Elements of no bytes could be any number of them.
  if (bytes.length !== count * each || (each === 0 && count > 0))
    throw new DistillError(
      'bad-file',
      `${name}: the npy file has ${bytes.length} bytes of data where ${count} elements need ${count * each}; ` +
        (bytes.length < count * each ? 'it was cut short, get it again' : 'remove what follows'),
    );
  if (text) return readTexts(bytes, count, each, kind === 'U', order === '>');
  const own = order === '>' && each > 1 ? swapped(bytes, each) : aligned(bytes, each);
  const data = new Elements!(own.buffer as ArrayBuffer, own.byteOffset, count);
  if (kind !== 'f' || width !== '2') return data as Data;
  const values = valuesOf(smallFloats.F16);
  return Float32Array.from(data as Uint16Array, (bits) => values[bits]!);
}

function swapped(bytes: Uint8Array, each: number): Uint8Array {
  const turned = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) turned[i] = bytes[i - (i % each) + each - 1 - (i % each)]!;
  return turned;
}

/** Texts of a fixed width, filled up with zeros: code points of 4 bytes, or bytes. */
function readTexts(bytes: Uint8Array, count: number, each: number, wide: boolean, big: boolean): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: count }, (_, i) => {
    let text = '';
    for (let at = i * each; at < (i + 1) * each; at += wide ? 4 : 1) {
      const point = wide ? view.getUint32(at, !big) : view.getUint8(at);
      text += String.fromCodePoint(point <= 0x10ffff ? point : 0xfffd);
    }
    return text.replace(/\0+$/, '');
  });
}
