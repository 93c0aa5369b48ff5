import { brandOf } from '../../checks.js';
import { DistillError } from '../../errors.js';
import type { NumericArray } from '../numeric-array.js';
import { asNumericArray } from '../safetensors-values.js';
import type { OnnxModel, OnnxTensor, OnnxType } from './model.js';
import { onnxTypes } from './types.js';
import { badOnnx } from './wire.js';

/** Answers the content of a file beside the model; undefined if it isn't there. */
export type ExternalFiles = (location: string) => Uint8Array | undefined;

/** What safetensors calls the types whose numbers can be read. */
const dtypes = {
  f32: 'F32',
  f64: 'F64',
  f16: 'F16',
  bf16: 'BF16',
  i64: 'I64',
  i32: 'I32',
  i16: 'I16',
  i8: 'I8',
  u64: 'U64',
  u32: 'U32',
  u16: 'U16',
  u8: 'U8',
  bool: 'BOOL',
  f8_e4m3: 'F8_E4M3',
  f8_e5m2: 'F8_E5M2',
  f8_e8m0: 'F8_E8M0',
} as const satisfies Partial<Record<OnnxType, string>>;

/**
 * A tensor's numbers: a view of the file's bytes where those are aligned and a typed array has such elements; floats of
 * 16 and 8 bits as f32. `file` is the model's name, for messages; `files` answers what lies in others.
 * @throws DistillError 'bad-file' for types that can't be read and files that are too short, 'missing' for absent ones
 */
export function numbersOf(tensor: OnnxTensor, file: string, files?: ExternalFiles): NumericArray {
  const { name, shape, type } = tensor;
  const place = `${file}, tensor ${JSON.stringify(name.slice(0, 80))},`;
  const dtype = Object.hasOwn(dtypes, type) ? dtypes[type as keyof typeof dtypes] : undefined;
  if (dtype === undefined)
    throw badOnnx(place, `has elements of type ${type}, which aren't read; save it as f32`);
  return asNumericArray({ name, dtype, shape: [...shape], bytes: bytesOf(tensor, place, files) }, file);
}

function bytesOf(
  { bytes, external, shape, type }: OnnxTensor,
  place: string,
  files: ExternalFiles | undefined,
): Uint8Array {
  if (!external) return bytes;
  const { location, offset, length } = external;
  const found = files?.(location);
  if (brandOf(found) !== 'Uint8Array' || !found)
    throw new DistillError('missing', `${place} lies in ${location}, which must be beside the model`);
  const expected = shape.reduce((a, b) => a * b, onnxTypes[type].bits / 8);
  if ((length ?? expected) !== expected || offset + expected > found.length)
    throw badOnnx(
      place,
      `should have ${expected} bytes at byte ${offset} of ${location}, which has ${found.length}; get both files again`,
    );
  return found.subarray(offset, offset + expected);
}

/** Which files beside the model it needs, each once. */
export function externalFilesOf({ graph }: OnnxModel): readonly string[] {
  const tensors = [
    ...graph.initializers.values(),
    ...graph.nodes.flatMap(({ attributes }) =>
      Object.values(attributes).flatMap((attribute) => ('tensor' in attribute ? [attribute.tensor] : [])),
    ),
  ];
  return [...new Set(tensors.flatMap(({ external }) => external?.location ?? []))];
}
