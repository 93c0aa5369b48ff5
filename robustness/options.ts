import { definitions } from '../cli/options/options.ts';
import { flag, path } from '../cli/options/schemas.ts';
import { type Definitions, optionSet, type Values } from '../cli/options/set.ts';

const { threads, json } = definitions;

const ours = {
  quick: { flags: '--quick', help: 'a dozen small cells, in a minute', schema: flag() },
  only: {
    flags: '--only <text>',
    help: 'only cells whose line has this text, such as "mnist 600" or "sum a"',
    schema: path(),
  },
  finished: {
    flags: '--finished',
    help: 'train nothing: show the cells that are finished',
    schema: flag(),
  },
  write: { flags: '--write <file>', help: 'put the tables into this Markdown file', schema: path() },
  data: {
    flags: '--data <folder>',
    help: "where Debian's packages are unpacked, or the Parquet files of CIFAR-10 lie (default: / and ../shared/data)",
    schema: path(),
  },
  out: {
    flags: '--out <folder>',
    help: 'where teachers and finished trainings are kept (default: runs/robustness)',
    schema: path(),
  },
  threads,
  json,
} satisfies Definitions;

type Name = keyof typeof ours;

/** In the order that --help has them. */
export const OPTIONS = Object.keys(ours) as Name[];
export type Options = Values<typeof ours, Name>;

export const { addOptions, readOptions } = optionSet(ours);
