import { basename } from 'node:path';
import type { Dataset } from 'wasm-distill';
import { encodeNpy, encodeNpz, encodeSafetensors, encodeSoftTargets } from 'wasm-distill/formats';
import { UsageError } from '../terminal/usage.ts';
import { parquetOf } from './parquet.ts';
import type { Question } from './pieces.ts';

/** What teachers say of a data set, and whose it is. */
export interface Outputs {
  question: Question;
  values: Float32Array;
  data: Pick<Dataset, 'size' | 'classes' | 'classNames'>;
  /** SHA-256 of the samples, and of each teacher. */
  transferSet: string;
  teachers: readonly string[];
}

/** The kinds of files that outputs can be written as, by the end of their names. */
export const FORMATS = ['safetensors', 'npz', 'npy', 'parquet'] as const;

export type Format = (typeof FORMATS)[number];

/** What would promise another format. */
const OTHERS = /\.(arrow|csv|feather|h5|json|jsonl|ndjson|onnx|pkl|pt|pth|tsv)$/i;

/** Names that don't end with a format's name are safetensors, as they always were. @throws UsageError */
export function formatOf(file: string): Format {
  const format = FORMATS.find((each) => basename(file).toLowerCase().endsWith(`.${each}`));
  if (format) return format;
  if (!OTHERS.test(file)) return 'safetensors';
  throw new UsageError(
    `--out must end with ${FORMATS.map((each) => `.${each}`).join(', ')}, not ${JSON.stringify(file)}`,
  );
}

/** What a file says it is: safetensors that say so may be replaced. */
export function nameOf({ what }: Question): string {
  return what === 'logits' ? 'wasm-distill logits' : 'wasm-distill soft targets';
}

export async function encoded(format: Format, outputs: Outputs): Promise<Uint8Array> {
  return encoders[format](outputs);
}

/** What a file says of outputs. */
function metadataOf({
  question,
  transferSet,
  teachers,
  data: { classNames },
}: Outputs): Record<string, string> {
  return {
    ...{ format: nameOf(question), transferSet, teachers: teachers.join(' ') },
    ...(question.what === 'probabilities' && { temperature: String(question.temperature) }),
    ...(classNames && { classNames: JSON.stringify(classNames) }),
  };
}

const encoders: { readonly [F in Format]: (outputs: Outputs) => Uint8Array | Promise<Uint8Array> } = {
  safetensors: (outputs) => {
    const { question, values, data, transferSet, teachers } = outputs;
    const { what, temperature } = question;
    const { size, classes } = data;
    if (what === 'probabilities')
      return encodeSoftTargets({
        temperature,
        classes,
        augment: [],
        probabilities: values,
        transferSet,
        teachers,
      });
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const tensor = { name: 'logits', dtype: 'F32', shape: [size, classes], bytes } as const;
    return encodeSafetensors([{ ...tensor, shape: [...tensor.shape] }], metadataOf(outputs));
  },
  npz: ({ question: { what, temperature }, values, data: { size, classes } }) =>
    encodeNpz({
      [what]: { shape: [size, classes], data: values },
      ...(what === 'probabilities' && { temperature: { shape: [], data: Float64Array.of(temperature) } }),
    }),
  npy: ({ values, data: { size, classes } }) => encodeNpy({ shape: [size, classes], data: values }),
  parquet: (outputs) => parquetOf(outputs, metadataOf(outputs)),
};
