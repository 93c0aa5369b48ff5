import { DistillError, demand } from '../errors.js';
import { decodeSafetensors } from '../formats/safetensors.js';
import { checkClassNames, readMetadata } from '../nn/metadata.js';
import type { InputSpec } from '../nn/specs.js';
import type { Layer } from './layers.js';
import { readList } from './read-layers.js';
import { parametersIn } from './read-parameters.js';

/** The contents of a student's file. */
export interface StudentFile {
  input: InputSpec;
  /** Floats are from 0 to 1: the file predates models that normalize their input. */
  unit: boolean;
  classNames: readonly string[] | undefined;
  layers: readonly Layer[];
  classes: number;
}

/**
 * A student's file: f32 as encodeModel writes it, or 8-bit as encodeInt8Model does.
 *
 * @throws DistillError 'bad-file' for anything else, NaN, infinities, and layers that don't fit together.
 */
export function readStudent(bytes: Uint8Array, file: string): StudentFile {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const { architecture, classNames, unit, nameInFile } = readMetadata(metadata, file);
  const { input, layers: specs } = architecture;
  const { layers, shape } = inFile(file, () =>
    readList(specs, '', input.shape, parametersIn(tensors, nameInFile, file)),
  );
  demand(layers.length > 0, `${file}: the network has no layer with weights`, 'bad-file');
  demand(
    shape.length === 1,
    `${file}: the network makes [${shape}] where a row of classes is needed`,
    'bad-file',
  );
  checkClassNames(classNames, shape[0]!, file);
  return { input, unit, classNames, layers, classes: shape[0]! };
}

/** What layers say of their windows is said of the file. */
function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DistillError) || cause.code === 'bad-file') throw cause;
    throw new DistillError('bad-file', `${file}: ${cause.message}`, { cause });
  }
}
