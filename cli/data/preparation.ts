import { DistillError } from 'wasm-distill';
import type { TableReading } from 'wasm-distill/data';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';

/** What pictures became before they were a model's inputs. */
export interface ImageReading {
  /** Height and width of all. */
  size: readonly [number, number];
  /** They were cut, not squeezed. */
  crop?: true;
}

/** How the inputs of a model came from rows or from pictures: new ones are then read alike. */
export interface Preparation {
  table?: TableReading;
  images?: ImageReading;
}

/** What is known of it, and nothing of all else. */
export function preparationOf({
  table,
  images,
}: { [K in keyof Preparation]: Preparation[K] | undefined }): Preparation {
  return { ...(table && { table }), ...(images && { images }) };
}

/** A model's file with how its inputs were made, each in an entry of its metadata. */
export function withPreparation(model: Uint8Array, made: Preparation): Uint8Array {
  const entries = Object.entries(preparationOf(made)).map(([key, value]) => [key, JSON.stringify(value)]);
  if (entries.length === 0) return model;
  const { tensors, metadata } = decodeSafetensors(model, 'the model');
  return encodeSafetensors([...tensors.values()], { ...metadata, ...Object.fromEntries(entries) });
}

/** What a model's metadata say of its inputs. @throws DistillError 'bad-file' */
export function preparationIn(metadata: Readonly<Record<string, string>>, file: string): Preparation {
  const { table, images } = metadata;
  return {
    ...(table !== undefined && { table: parsed(table, tableFrom, 'a table', file) }),
    ...(images !== undefined && { images: parsed(images, imagesFrom, 'images', file) }),
  };
}

function parsed<T>(text: string, from: (value: T) => T, what: string, file: string): T {
  try {
    return from(JSON.parse(text) as T);
  } catch (cause) {
    const message = `${file}: what its metadata say of ${what} can't be read: get it again`;
    throw new DistillError('bad-file', message, { cause });
  }
}

function tableFrom({ label, inputs, classNames, fill }: TableReading): TableReading {
  return { label, inputs, classNames, ...(fill && { fill }) };
}

function imagesFrom({ size: [height, width], crop }: ImageReading): ImageReading {
  if (![height, width].every((side) => Number.isInteger(side) && side >= 1 && side <= MOST))
    throw new RangeError(`images of ${height} × ${width} pixels`);
  return { size: [height, width], ...(crop && { crop }) };
}

/** As many pixels a side as the library resizes to. */
const MOST = 16_384;
