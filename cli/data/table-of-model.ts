import { DistillError } from 'wasm-distill';
import type { TableReading } from 'wasm-distill/data';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';

/** Where a model's metadata say how rows became its inputs. */
const KEY = 'table';

/** A model's file with how the rows of its training data were read: new ones are then read by the names of their columns. */
export function withTable(model: Uint8Array, reading: TableReading): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(model, 'the model');
  return encodeSafetensors([...tensors.values()], { ...metadata, [KEY]: JSON.stringify(reading) });
}

/** What a model's metadata say of its table. @throws DistillError 'bad-file' */
export function tableIn(metadata: Readonly<Record<string, string>>, file: string): TableReading | undefined {
  const text = metadata[KEY];
  if (text === undefined) return undefined;
  try {
    const { label, inputs, classNames, fill } = JSON.parse(text) as TableReading;
    return { label, inputs, classNames, ...(fill && { fill }) };
  } catch (cause) {
    throw new DistillError(
      'bad-file',
      `${file}: what its metadata say of a table can't be read: get it again`,
      {
        cause,
      },
    );
  }
}
