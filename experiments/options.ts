import * as v from 'valibot';
import { definitions } from '../cli/options/options.ts';
import { flag } from '../cli/options/schemas.ts';
import { type Definitions, optionSet, type Values } from '../cli/options/set.ts';

const { threads, out, json } = definitions;

const ours = {
  all: { flags: '--all', help: 'every experiment', schema: flag() },
  quick: {
    flags: '--quick',
    help: 'smaller networks and fewer images: minutes, and the same ordering',
    schema: flag(),
  },
  split: {
    flags: '--split',
    help: 'for tuning recipes: train on all but 10,000 training images and count errors on these, never on the test images',
    schema: flag(),
  },
  collect: {
    flags: '--collect [folder]',
    help: 'join the results of what was run into results.md and results.json in this folder, with plots',
    // Without a folder, commander has true for it.
    schema: v.optional(v.union([v.literal(true), v.pipe(v.string(), v.nonEmpty())], 'a path')),
  },
  threads,
  out,
  json,
} satisfies Definitions;

type Name = keyof typeof ours;

/** In the order that --help has them. */
export const OPTIONS = Object.keys(ours) as Name[];
export type Options = Values<typeof ours, Name>;

export const { addOptions, readOptions } = optionSet(ours);
