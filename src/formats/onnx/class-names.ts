import type { OnnxModel } from './model.js';

/** Where exporters put class names: ultralytics, ours and Hugging Face's, torchvision's habits. */
const keys = ['names', 'classNames', 'class_names', 'classes', 'labels', 'id2label'];

/** Attributes of scikit-learn's operators with the classes' names, or their numbers. */
const attributes = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];

/**
 * Names of the classes in order, as the metadata tell them ({0: 'cat', 1: 'dog'} as Python writes it, or JSON) or else
 * the operators of scikit-learn's converter; undefined if none do.
 */
export function onnxClassNames({ metadata, graph }: OnnxModel): readonly string[] | undefined {
  for (const key of keys) {
    const text = Object.hasOwn(metadata, key) ? metadata[key]!.trim() : '';
    const names = namesOf(/^[[{(]/.test(text) ? literalOf(text) : text.split(/\s*[,\n]\s*/));
    if (names) return names;
  }
  for (const node of graph.nodes) {
    for (const key of attributes) {
      const attribute = node.attributes[key];
      if (!attribute) continue;
      if ('strings' in attribute && attribute.strings.length > 1) return attribute.strings;
      if ('ints' in attribute && attribute.ints.length > 1) return attribute.ints.map(String);
    }
  }
  return undefined;
}

/** Of a list, or of a dictionary from 0, 1, … in any order. */
function namesOf(value: unknown): readonly string[] | undefined {
  const isName = (name: unknown) => typeof name === 'string' || typeof name === 'number';
  if (Array.isArray(value)) return value.length > 1 && value.every(isName) ? value.map(String) : undefined;
  if (!(value instanceof Map) || value.size < 2) return undefined;
  const names = Array.from({ length: value.size }, (_, i) => value.get(String(i)));
  return names.every(isName) ? names.map(String) : undefined;
}

/** Lists and dictionaries within each other; more would only be an attack on the stack. */
const DEEPEST = 8;

interface Scan {
  readonly text: string;
  at: number;
}

/**
 * A list or dictionary as Python or JSON writes it, of texts, numbers, True, None and the like; dictionaries as maps by
 * their keys' texts. undefined for anything else.
 */
export function literalOf(text: string): unknown {
  const scan = { text, at: 0 };
  const value = valueAt(scan, 0);
  skip(scan);
  return scan.at === text.length && typeof value === 'object' ? value : undefined;
}

function skip(scan: Scan): void {
  while (/\s/.test(scan.text[scan.at] ?? 'x')) scan.at++;
}

function accept(scan: Scan, character: string): boolean {
  skip(scan);
  if (scan.text[scan.at] !== character) return false;
  scan.at++;
  return true;
}

function valueAt(scan: Scan, depth: number): unknown {
  if (depth > DEEPEST) return undefined;
  if (accept(scan, '{')) return dictionaryAt(scan, depth);
  if (accept(scan, '[')) return listAt(scan, ']', depth);
  if (accept(scan, '(')) return listAt(scan, ')', depth);
  return wordAt(scan);
}

function wordAt(scan: Scan): string | number | undefined {
  skip(scan);
  const quote = scan.text[scan.at];
  if (quote === '"' || quote === "'") return quotedAt(scan, quote);
  const start = scan.at;
  while (/[-+.\w]/.test(scan.text[scan.at] ?? ' ')) scan.at++;
  const found = scan.text.slice(start, scan.at);
  if (found === '') return undefined;
  return Number.isNaN(Number(found)) ? found : Number(found);
}

function quotedAt(scan: Scan, quote: string): string | undefined {
  const start = ++scan.at;
  for (; scan.text[scan.at] !== quote; scan.at++) {
    if (scan.text[scan.at] === '\\') scan.at++;
    if (scan.at >= scan.text.length) return undefined;
  }
  return unescaped(scan.text.slice(start, scan.at++));
}

const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gisu,
    (_, two: string | undefined, four: string | undefined, other: string) =>
      two || four ? String.fromCharCode(Number.parseInt((two ?? four)!, 16)) : (letters[other] ?? other),
  );
}

function listAt(scan: Scan, end: string, depth: number): unknown[] | undefined {
  const list: unknown[] = [];
  while (!accept(scan, end)) {
    const value = valueAt(scan, depth + 1);
    if (value === undefined) return undefined;
    list.push(value);
    if (!accept(scan, ',')) return accept(scan, end) ? list : undefined;
  }
  return list;
}

function dictionaryAt(scan: Scan, depth: number): Map<string, unknown> | undefined {
  const entries = new Map<string, unknown>();
  while (!accept(scan, '}')) {
    const key = wordAt(scan);
    if (key === undefined || !accept(scan, ':')) return undefined;
    const value = valueAt(scan, depth + 1);
    if (value === undefined) return undefined;
    entries.set(String(key), value);
    if (!accept(scan, ',')) return accept(scan, '}') ? entries : undefined;
  }
  return entries;
}
