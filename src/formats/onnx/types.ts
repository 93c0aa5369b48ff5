import type { OnnxType } from './model.js';

/** Which field of a tensor has its elements where they aren't raw bytes. */
type Listed = 'floats' | 'int32s' | 'int64s' | 'doubles' | 'uint64s' | 'texts';

export interface TypeFacts {
  /** Its number in TensorProto.DataType. */
  readonly code: number;
  /** Of one element; 0: texts. */
  readonly bits: number;
  readonly listed: Listed;
}

/** Every type of elements; a missing one is a compile error. */
export const onnxTypes: { readonly [T in OnnxType]: TypeFacts } = {
  f32: { code: 1, bits: 32, listed: 'floats' },
  u8: { code: 2, bits: 8, listed: 'int32s' },
  i8: { code: 3, bits: 8, listed: 'int32s' },
  u16: { code: 4, bits: 16, listed: 'int32s' },
  i16: { code: 5, bits: 16, listed: 'int32s' },
  i32: { code: 6, bits: 32, listed: 'int32s' },
  i64: { code: 7, bits: 64, listed: 'int64s' },
  string: { code: 8, bits: 0, listed: 'texts' },
  bool: { code: 9, bits: 8, listed: 'int32s' },
  f16: { code: 10, bits: 16, listed: 'int32s' },
  f64: { code: 11, bits: 64, listed: 'doubles' },
  u32: { code: 12, bits: 32, listed: 'uint64s' },
  u64: { code: 13, bits: 64, listed: 'uint64s' },
  c64: { code: 14, bits: 64, listed: 'floats' },
  c128: { code: 15, bits: 128, listed: 'doubles' },
  bf16: { code: 16, bits: 16, listed: 'int32s' },
  f8_e4m3: { code: 17, bits: 8, listed: 'int32s' },
  f8_e4m3fnuz: { code: 18, bits: 8, listed: 'int32s' },
  f8_e5m2: { code: 19, bits: 8, listed: 'int32s' },
  f8_e5m2fnuz: { code: 20, bits: 8, listed: 'int32s' },
  u4: { code: 21, bits: 4, listed: 'int32s' },
  i4: { code: 22, bits: 4, listed: 'int32s' },
  f4: { code: 23, bits: 4, listed: 'int32s' },
  f8_e8m0: { code: 24, bits: 8, listed: 'int32s' },
  u2: { code: 25, bits: 2, listed: 'int32s' },
  i2: { code: 26, bits: 2, listed: 'int32s' },
};

/** The type of a number in a file; undefined for one that isn't known. */
export function typeOfCode(code: number): OnnxType | undefined {
  return (Object.keys(onnxTypes) as OnnxType[]).find((type) => onnxTypes[type].code === code);
}

/** Whether layers of ours can take its numbers as f32. */
export function isFloat(type: string): boolean {
  return ['f32', 'f64', 'f16', 'bf16'].includes(type);
}
