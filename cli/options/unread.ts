import { type AnyEntry, entryOf, type ObjectiveName } from 'wasm-distill/objectives';
import { UsageError } from '../terminal/usage.ts';
import { flagOf } from './flag.ts';
import { objectivesOf } from './objective-list.ts';
import type { OptionName } from './options.ts';

/** Who reads an option. */
interface Reader {
  /** "none of attention …" */
  does: string;
  is(entry: AnyEntry, name: ObjectiveName): boolean;
}

const TAUGHT: Reader = { does: 'learns from a teacher', is: ({ needs }) => needs.teacher !== 'none' };

/** Options that only some objectives read. */
const READERS = {
  teacher: TAUGHT,
  teachers: TAUGHT,
  soft: TAUGHT,
  taps: { does: 'has layers to name', is: ({ taps }) => taps !== undefined },
  hintEpochs: { does: 'has two stages', is: ({ needs }) => needs.stages === 2 },
  temperature: {
    does: 'has a temperature',
    is: ({ options, second }) => 'temperature' in options || Boolean(second?.terms.length),
  },
  alpha: { does: 'has labels fused with soft targets, as kd has', is: (_, name) => name === 'kd' },
  loss: { does: 'has forms of its loss, as kd has', is: (_, name) => name === 'kd' },
} satisfies Partial<Record<OptionName, Reader>>;

type Read = keyof typeof READERS;

/** Options that nothing of a list reads. @throws UsageError for what is no list. */
export function unreadBy(objective: string): Read[] {
  const names = objectivesOf(objective);
  return (Object.keys(READERS) as Read[]).filter(
    (option) => !names.some((name) => READERS[option].is(entryOf(name), name)),
  );
}

/** Refuses options that nothing of the list reads. @throws UsageError */
export function checkRead(objective: string, chosen: ReadonlySet<string>): void {
  const unread = unreadBy(objective).find((option) => chosen.has(option));
  if (unread === undefined) return;
  throw new UsageError(
    `none of ${objectivesOf(objective).join(', ')} ${READERS[unread].does}: leave ${flagOf(unread)} out`,
  );
}
