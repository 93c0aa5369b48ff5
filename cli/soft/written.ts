import { basename } from 'node:path';
import type { Dataset } from 'wasm-distill';
import { encodeNpy, encodeNpz, encodeSafetensors, encodeSoftTargets } from 'wasm-distill/formats';
import { kindOf } from '../files/targets.ts';
import { UsageError } from '../terminal/usage.ts';
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
export const FORMATS = ['safetensors', 'npz', 'npy'] as const;

export type Format = (typeof FORMATS)[number];

/** What would promise another format. */
const OTHERS = /\.(arrow|csv|feather|h5|json|jsonl|ndjson|onnx|parquet|pkl|pt|pth|tsv)$/i;

/** Names that don't end with a format's name are safetensors, as they always were. @throws UsageError */
export function formatOf(file: string): Format {
  const format = FORMATS.find((each) => basename(file).toLowerCase().endsWith(`.${each}`));
  if (format) return format;
  if (!OTHERS.test(file)) return 'safetensors';
  throw new UsageError(
    `--out must end with ${FORMATS.map((each) => `.${each}`).join(', ')}, not ${JSON.stringify(file)}`,
  );
}

/** Arrays of NumPy don't say whose they are: none is replaced unless that is asked for. @throws UsageError */
export async function checkReplaces(file: string, format: Format, force: boolean): Promise<void> {
  if (format === 'safetensors' || force || (await kindOf(file)) !== 'file') return;
  throw new UsageError(`${file} is there already: give --force to replace it, or another --out`);
}

/** What a file of safetensors says it is, by which it may be replaced. */
export function nameOf({ what }: Question): string {
  return what === 'logits' ? 'wasm-distill logits' : 'wasm-distill soft targets';
}

export function encoded(format: Format, outputs: Outputs): Uint8Array {
  return encoders[format](outputs);
}

const encoders: { readonly [F in Format]: (outputs: Outputs) => Uint8Array } = {
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
    return encodeSafetensors([{ name: 'logits', dtype: 'F32', shape: [size, classes], bytes }], {
      format: nameOf(question),
      transferSet,
      teachers: teachers.join(' '),
      ...(data.classNames && { classNames: JSON.stringify(data.classNames) }),
    });
  },
  npz: ({ question: { what, temperature }, values, data: { size, classes } }) =>
    encodeNpz({
      [what]: { shape: [size, classes], data: values },
      ...(what === 'probabilities' && { temperature: { shape: [], data: Float64Array.of(temperature) } }),
    }),
  npy: ({ values, data: { size, classes } }) => encodeNpy({ shape: [size, classes], data: values }),
};
