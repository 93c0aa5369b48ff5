import * as v from 'valibot';
import { optionSet } from '../options/set.ts';
import { UsageError } from '../terminal/usage.ts';

/** How predictions are written. */
export type PredictionFormat = 'text' | 'csv' | 'jsonl' | 'npy' | 'json';

const FORMATS = ['text', 'csv', 'jsonl', 'npy'] as const;

/** What --format means to `predict`. */
export const formatOption = optionSet({
  format: {
    flags: '--format <name>',
    help: "csv, jsonl, npy or text (default: by the end of --out's name, else text)",
    schema: v.optional(v.picklist(FORMATS, 'text, csv, jsonl or npy')),
  },
});

const SUFFIXES: readonly (readonly [RegExp, PredictionFormat])[] = [
  [/\.csv$/i, 'csv'],
  [/\.(jsonl|ndjson)$/i, 'jsonl'],
  [/\.npy$/i, 'npy'],
  [/\.(txt|tsv)$/i, 'text'],
];

/** @throws UsageError where it can't be told, and for what no terminal can show. */
export function formatOf(
  { format, out, json }: { format?: PredictionFormat | undefined; out?: string | undefined; json: boolean },
  isTerminal: boolean,
): PredictionFormat {
  if (json && (format !== undefined || out !== undefined))
    throw new UsageError(
      '--json prints an array of objects on standard output: leave it out, or leave out --format and --out',
    );
  if (json) return 'json';
  const found = format ?? (out === undefined ? 'text' : SUFFIXES.find(([end]) => end.test(out))?.[1]);
  if (found === undefined)
    throw new UsageError(`--out ${out} doesn't end in .csv, .jsonl, .npy or .txt: say which with --format`);
  if (found === 'npy' && out === undefined && isTerminal)
    throw new UsageError("--format npy isn't text for a terminal: name a file with --out, or redirect it");
  return found;
}
