import { DistillError, demand } from '../errors.js';
import { mlp } from './mlp.js';
import { type Architecture, byteInput, checkSpecs } from './specs.js';

/** The metadata of a model file. */
export interface ModelMetadata {
  architecture: Architecture;
  classNames: readonly string[] | undefined;
  /**
   * The file predates models that normalize their input: it expected numbers from 0 to 1. The architecture is given for
   * bytes; wasm-distill/infer still takes 0 to 1.
   */
  unit: boolean;
  /** What the file calls a parameter. */
  nameInFile(parameter: string): string;
}

/**
 * The single entry point for architectures in files, for the library and wasm-distill/infer; `file` is for messages.
 * @throws DistillError 'bad-file'
 */
export function readMetadata(metadata: Readonly<Record<string, string>>, file: string): ModelMetadata {
  const text = metadata.architecture;
  if (text === undefined)
    throw new DistillError(
      'bad-file',
      `${file}: no architecture in the metadata, so it isn't a model written by wasm-distill`,
    );
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    const classNames = metadata.classNames === undefined ? undefined : readNames(metadata.classNames);
    if (value?.kind === 'mlp') return { ...oldForm(value.layers as number[]), classNames };
    checkSpecs(value);
    return { architecture: value, classNames, unit: false, nameInFile: (name) => name };
  } catch (cause) {
    const reason = cause instanceof DistillError ? cause.message : text.slice(0, 100);
    throw new DistillError('bad-file', `${file}: the architecture in the metadata can't be read: ${reason}`, {
      cause,
    });
  }
}

/** `{"kind":"mlp","layers":[784,800,10]}`, with parameters layer1.weight, layer1.bias, layer2.weight, … */
function oldForm(layers: number[]): Omit<ModelMetadata, 'classNames'> {
  return {
    architecture: mlp(layers, { input: byteInput }),
    unit: true,
    nameInFile: (name) => name.replace('.dense.', '.').replace('logits', `layer${layers.length - 1}`),
  };
}

function readNames(text: string): string[] {
  const names: unknown = JSON.parse(text);
  demand(
    Array.isArray(names) && names.every((name) => typeof name === 'string'),
    `the class names are no list of strings: ${text.slice(0, 80)}`,
  );
  return names;
}

/** Refuses class names whose number isn't that of the classes; they come from `file`, or else from the caller. */
export function checkClassNames(names: readonly string[] | undefined, classes: number, file?: string): void {
  demand(
    names === undefined || names.length === classes,
    `${file ?? 'the model'}: there are ${names?.length} class names, but ${classes} classes`,
    file === undefined ? 'bad-argument' : 'bad-file',
  );
}
