import type { Settings } from '../options/options.ts';
import { UsageError } from '../terminal/usage.ts';
import type { Ask, Reader } from './reader.ts';

/** The options that say what the data are. */
export const DATA_OPTIONS = ['data', 'test', 'val', 'label', 'input', 'missing', 'size', 'crop'] as const;

/** What --size means to commands that are given models. */
export const SIZE_HELP =
  "height and width to which all images are resized, as 32 or 24x32 (default: those of the model's training images)";

export type DataOptions = Settings<'data'> &
  Partial<Settings<(typeof DATA_OPTIONS)[number] | 'limit' | 'soft' | 'softId'>>;

export function askOf({ label, input, missing, size, crop, softId }: DataOptions): Ask {
  if (crop && !size) throw new UsageError('--crop says how images come to a size: give --size, too');
  return {
    ...(label !== undefined && { label: label === 'none' ? false : label }),
    ...(input && { input: input.split(',').map((name) => name.trim()) }),
    ...(missing && { missing }),
    ...(size && { size }),
    ...(crop && { crop }),
    ...(softId !== undefined && { softId: softId.split(',').at(-1)! }),
  };
}

/** @throws UsageError for an option that such data have no use for. */
export function checkTakes({ takes, title }: Reader, ask: Ask, where: string): void {
  const name = (Object.keys(ask) as (keyof Ask)[]).find((each) => !takes.includes(each));
  if (name === undefined || (name === 'label' && ask.label === false)) return;
  const others = takes.flatMap((each) => (each === 'softId' ? [] : [`--${each}`])).join(', ');
  throw new UsageError(
    `--${name === 'softId' ? 'soft-id' : name} isn't for ${where} (${title})${others ? `; of such options there ${takes.length > 1 ? 'are' : 'is'} ${others}` : ''}`,
  );
}

/** Of what was asked, what such data have a use for. */
export function askFor({ takes }: Reader, ask: Ask): Ask {
  return Object.fromEntries(Object.entries(ask).filter(([name]) => takes.includes(name as keyof Ask)));
}
