import { mostProbable } from 'wasm-distill';
import { encodeNpy } from 'wasm-distill/formats';
import type { PredictionFormat } from './format.ts';

export interface Predictions {
  /** [samples, classes] */
  probabilities: Float32Array;
  classes: number;
  classNames: readonly string[] | undefined;
  /** Of images in a folder: where each lies in it. */
  files: readonly string[] | undefined;
}

/** Characters of text, and bytes, that are written at once. */
const CHUNK = 2 ** 16;

/** A file of predictions in pieces: of many samples it is more than a string can hold. */
export function* piecesOf(made: Predictions, format: PredictionFormat): Generator<string | Uint8Array> {
  if (format === 'npy') {
    yield* npy(made);
    return;
  }
  let text = '';
  for (const line of LINES[format](made)) {
    text += line;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

type Lines = (made: Predictions) => Generator<string>;

const LINES: { [F in Exclude<PredictionFormat, 'npy'>]: Lines } = { text, csv, jsonl, json };

/** "0<tab>cat<tab>0.9876", and of a folder of images where each lies. */
function* text({ classNames, files, ...made }: Predictions): Generator<string> {
  for (const { index, label, row } of rowsOf(made)) {
    const file = files ? [files[index]] : [];
    yield `${[index, classNames?.[label] ?? label, row[label]!.toFixed(4), ...file].join('\t')}\n`;
  }
}

/** RFC 4180, but for line ends, which are those of Unix. */
function* csv(made: Predictions): Generator<string> {
  const { classNames, files } = made;
  const heading = ['index', ...(files ? ['file'] : []), 'prediction', 'probability', ...columnsOf(made)];
  yield `${heading.map(quoted).join(',')}\n`;
  for (const { index, label, row } of rowsOf(made)) {
    const words = [...(files ? [files[index]!] : []), classNames?.[label] ?? String(label)];
    yield `${[index, ...words.map(quoted), exact(row[label]!), ...Array.from(row, exact)].join(',')}\n`;
  }
}

/** One object a line. */
function* jsonl(made: Predictions): Generator<string> {
  const columns = columnsOf(made);
  const { classNames, files } = made;
  for (const { index, label, row } of rowsOf(made)) {
    const object = {
      index,
      ...(files && { file: files[index] }),
      prediction: classNames?.[label] ?? String(label),
      probability: exact(row[label]!),
      probabilities: Object.fromEntries(columns.map((name, i) => [name, exact(row[i]!)])),
    };
    yield `${JSON.stringify(object)}\n`;
  }
}

/** An array of objects, in one line. */
function* json({ classNames, ...made }: Predictions): Generator<string> {
  for (const { index, label, row } of rowsOf(made)) {
    const name = classNames && { name: classNames[label]! };
    const object = { index, label, ...name, probability: row[label], probabilities: [...row] };
    yield (index === 0 ? '[' : ',') + JSON.stringify(object);
  }
  yield ']\n';
}

function* npy({ probabilities, classes }: Predictions): Generator<Uint8Array> {
  const bytes = encodeNpy({ shape: [probabilities.length / classes, classes], data: probabilities });
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

function* rowsOf({ probabilities, classes }: Pick<Predictions, 'probabilities' | 'classes'>) {
  for (let index = 0; index * classes < probabilities.length; index++) {
    const row = probabilities.subarray(index * classes, (index + 1) * classes);
    yield { index, label: mostProbable(row), row };
  }
}

/** What columns of classes are called; one of a name that was there before has its number, too. */
function columnsOf({ classes, classNames }: Predictions): string[] {
  const names = Array.from({ length: classes }, (_, label) => classNames?.[label] ?? String(label));
  const first = new Map<string, number>();
  for (const [label, name] of names.entries()) if (!first.has(name)) first.set(name, label);
  return names.map((name, label) => (first.get(name) === label ? name : `${name} (${label})`));
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** As few digits as tell an f32 from its neighbors. */
function exact(p: number): number {
  return Number(p.toPrecision(9));
}
