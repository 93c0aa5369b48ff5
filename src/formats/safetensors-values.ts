import { brandOf, shown } from '../checks.js';
import { demand } from '../errors.js';
import { aligned } from './aligned.js';
import type { NumericArray, NumericData } from './numeric-array.js';
import { byteSize, type NamedTensor } from './safetensors.js';
import { badFile, quote } from './safetensors-header.js';
import { powersOfTwo, smallFloats, valuesOf } from './small-floats.js';

type Dtype = NamedTensor['dtype'];

/** Typed arrays that hold elements as they are. */
const arrays = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  U16: Uint16Array,
  I32: Int32Array,
  U32: Uint32Array,
  F32: Float32Array,
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
} as const satisfies Partial<Record<Dtype, unknown>>;

/** What can't be numbers, with the reason. */
const refused: Partial<Record<Dtype, readonly [what: string, remedy: string]>> = {
  C64: ['complex numbers', 'save their real and imaginary parts as two tensors'],
  F6_E2M3: ['floats of 6 bits, whose packing the format leaves open', 'save it as F32'],
  F6_E3M2: ['floats of 6 bits, whose packing the format leaves open', 'save it as F32'],
};

/**
 * A tensor's numbers: a view of its bytes where those are aligned and a typed array has such elements. Floats of 16, 8
 * and 4 bits become f32, exactly; of two of 4 bits in a byte the lower one is first, as PyTorch has it.
 *
 * Throws `bad-file` for complex numbers and floats of 6 bits, `bad-argument` for what is no tensor.
 */
export function asNumericArray(tensor: NamedTensor, fileName: string): NumericArray {
  const { name, dtype, shape, bytes } = Object(tensor) as NamedTensor;
  demand(
    typeof name === 'string' && Array.isArray(shape) && brandOf(bytes) === 'Uint8Array',
    () => `the tensor must be one that decodeSafetensors answers, not ${shown(tensor)}`,
  );
  demand(
    byteSize(dtype, shape) === bytes.length,
    () => `tensor ${quote(name)} has ${bytes.length} bytes, which isn't ${dtype} of shape [${shape}]`,
  );
  const why = refused[dtype];
  if (why) throw badFile(fileName, `tensor ${quote(name)} holds ${why[0]}`, why[1]);
  const Elements = Object.hasOwn(arrays, dtype) ? arrays[dtype as keyof typeof arrays] : undefined;
  if (!Elements) return { shape, data: asFloats(dtype, bytes) };
  const own = aligned(bytes, Elements.BYTES_PER_ELEMENT);
  const count = bytes.length / Elements.BYTES_PER_ELEMENT;
  return { shape, data: new Elements(own.buffer as ArrayBuffer, own.byteOffset, count) as NumericData };
}

function asFloats(dtype: Dtype, bytes: Uint8Array): Float32Array {
  if (dtype === 'F8_E8M0') return looked(powersOfTwo(), bytes);
  const values = valuesOf(smallFloats[dtype as keyof typeof smallFloats]);
  if (dtype === 'F4')
    return Float32Array.from(
      { length: 2 * bytes.length },
      (_, i) => values[(bytes[i >> 1]! >> (i & 1 ? 4 : 0)) & 15]!,
    );
  if (dtype.startsWith('F8')) return looked(values, bytes);
  const own = aligned(bytes, 2);
  return looked(values, new Uint16Array(own.buffer, own.byteOffset, own.length / 2));
}

function looked(values: Float32Array, codes: Uint8Array | Uint16Array): Float32Array {
  return Float32Array.from(codes as Uint8Array, (code) => values[code]!);
}
