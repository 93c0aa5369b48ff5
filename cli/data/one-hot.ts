import type { Dataset } from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';
import { decodeSafetensors, readNpz } from 'wasm-distill/formats';
import { read } from '../files/run-files.ts';
import type { Ask } from './reader.ts';
import { npyShape } from './turned.ts';

/** What arrays of labels are called, as the library finds them. */
const LABELS = /(^|_)(y|labels?|targets?)(_|$)/i;

/**
 * Says where labels came as rows of zeros with a single 1, which the library takes without a word: arrays of labels with
 * two dimensions are nothing else, or they would have been refused. `file` is where the labels are.
 */
export async function oneHotNote(
  file: string,
  { label }: Ask,
  { size, classes }: Pick<Dataset | SampleStream, 'size' | 'classes'>,
): Promise<string[]> {
  if (label === false || classes < 2) return [];
  const isLabels = (name: string) => (label === undefined ? LABELS.test(name) : name === label);
  const shapes = await shapesOf(file, isLabels);
  return shapes.some((shape) => shape.join() === `${size},${classes}`) ? [noteOn(classes)] : [];
}

export function noteOn(classes: number): string {
  return `the labels are one-hot: the place of the 1 among ${classes} is the class`;
}

async function shapesOf(file: string, isLabels: (name: string) => boolean): Promise<(readonly number[])[]> {
  if (/\.npy$/i.test(file)) return [(await npyShape(file)) ?? []];
  if (/\.npz$/i.test(file))
    return [...readNpz(await read(file), file)].flatMap(([name, array]) =>
      isLabels(name) ? [array().shape] : [],
    );
  if (!/\.safetensors$/i.test(file)) return [];
  const { tensors } = decodeSafetensors(await read(file), file);
  return [...tensors].flatMap(([name, { shape }]) => (isLabels(name) ? [shape] : []));
}
