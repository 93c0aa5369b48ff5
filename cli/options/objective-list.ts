import { catalogName, entryOf, type ObjectiveName, objectiveCatalog } from 'wasm-distill/objectives';
import { UsageError } from '../terminal/usage.ts';
import { didYouMean } from './nearest.ts';

/** One of a list such as kd+at:power=4,form=common: options are those that were given, checked by the catalog. */
export interface Listed {
  objective: ObjectiveName;
  options: Readonly<Record<string, unknown>>;
}

/** The objectives of a list, in its order. @throws UsageError */
export function listedIn(text: string): Listed[] {
  const listed = partsOf(text).map(({ word, options }) => {
    const objective = named(word, '--objective: ');
    return { objective, options: optionsOf(objective, options) };
  });
  const names = listed.map(({ objective }) => objective);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw new UsageError(`--objective has ${twice} twice`);
  return listed;
}

/** The same, their names alone. @throws UsageError */
export function objectivesOf(text: string): ObjectiveName[] {
  return listedIn(text).map(({ objective }) => objective);
}

/** The name of an objective, or of an alias. `where` an unknown one was met, its sentence says. @throws UsageError */
export function named(word: string, where = ''): ObjectiveName {
  try {
    return catalogName(word);
  } catch (error) {
    const names = Object.keys(objectiveCatalog) as ObjectiveName[];
    const all = names.flatMap((name) => [name, ...entryOf(name).aliases]);
    throw new UsageError(
      `${where}${(error as Error).message.replace(/: /, `${didYouMean(word, all)}: `)}; wasm-distill objectives tells what they need`,
    );
  }
}

interface Part {
  word: string;
  options: string[];
}

/** Between objectives are + or commas, between options commas: what has a = belongs to what was named before it. */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  for (const piece of text.split(/[+,]/)) {
    const [, word, options] = /^([^:=]*):(.*)$/s.exec(piece) ?? [];
    if (word !== undefined) parts.push({ word: word.trim(), options: [options!] });
    else if (piece.includes('=') && parts.at(-1)?.options.length) parts.at(-1)!.options.push(piece);
    else parts.push({ word: piece.trim(), options: [] });
  }
  return parts;
}

function optionsOf(objective: ObjectiveName, texts: readonly string[]): Record<string, unknown> {
  const { options } = entryOf(objective);
  const names = Object.keys(options);
  const given: Record<string, unknown> = {};
  for (const text of texts) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*\S)\s*$/s.exec(text) ?? [];
    if (name === undefined)
      throw new UsageError(
        `--objective: options of ${objective} are name=value with commas between, as ${objective}:${names[0] ?? 'name'}=…, not ${JSON.stringify(text)}`,
      );
    if (!names.includes(name))
      throw new UsageError(
        `--objective: ${objective} has no option ${name}${didYouMean(name, names)}: there are ${names.join(', ') || 'none'}`,
      );
    if (Object.hasOwn(given, name))
      throw new UsageError(`--objective: ${name} of ${objective} is there twice`);
    given[name] = readAs(value!, `${name} of ${objective}`, options[name]!.is.check);
  }
  return given;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What the text stands for: a number or a switch where the option takes these, else a word such as a layer's name. */
function readAs(text: string, what: string, check: (value: unknown, what: string) => void): unknown {
  const words: Readonly<Record<string, boolean>> = { true: true, false: false };
  const read = NUMBER.test(text) ? Number(text) : (words[text] ?? text);
  try {
    check(read, what);
    return read;
  } catch (error) {
    if (read !== text && holds(text, check)) return text;
    throw new UsageError(`--objective: ${(error as Error).message}`);
  }
}

function holds(value: unknown, check: (value: unknown, what: string) => void): boolean {
  try {
    check(value, '');
    return true;
  } catch {
    return false;
  }
}
