import { join } from 'node:path';
import type { Options } from './options.ts';
import type { Paper } from './paper.ts';

/** What a person types before names and options. */
export const COMMAND = 'npm run reproduce --';

/** Where models and results go, where nothing is said. */
export const OUT = 'runs/reproduce';

type Size = Pick<Options, 'quick' | 'split'>;

/** What a result says that it was made at: full, quick, full-split or quick-split. */
export function scaleName({ quick, split }: Size): string {
  return [quick ? 'quick' : 'full', ...(split ? ['split'] : [])].join('-');
}

/** What a result says that it was made by. */
export function commandLine(name: string, { quick, split }: Size): string {
  return `${COMMAND} ${name}${quick ? ' --quick' : ''}${split ? ' --split' : ''}`;
}

/** Where each experiment's own results go. */
export function resultsFolder({ out = OUT, ...size }: Size & Pick<Options, 'out'>): string {
  return ofScale(out, size);
}

/** Where a paper's results are joined: its own part of the folder that was asked for, or what they are kept in. */
export function collectedFolder(asked: string | true, paper: Paper, size: Size): string {
  return asked === true ? ofScale(paper.folder, size) : join(asked, paper.name);
}

/** Results at the paper's scale lie at the top. */
function ofScale(folder: string, size: Size): string {
  const scale = scaleName(size);
  return scale === 'full' ? folder : join(folder, scale);
}
