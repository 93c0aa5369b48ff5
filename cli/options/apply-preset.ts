import type { Command } from 'commander';
import { teachersFor } from './objective.ts';
import { PRESET_NAMES, PRESETS, type Preset } from './presets.ts';
import { unreadBy } from './unread.ts';

/**
 * Gives a command the options of its preset: those that were typed go before, and those that --objective doesn't read
 * yield. A name that isn't known is left to be refused.
 */
export function applyPreset(command: Command): void {
  const name = PRESET_NAMES.find((name) => name === command.getOptionValue('preset'));
  if (name === undefined) return;
  const { options }: Preset = PRESETS[name];
  const yielding = yieldingTo(command.getOptionValue('objective') ?? options.objective);
  for (const [option, value] of Object.entries(options))
    if (command.getOptionValueSource(option) !== 'cli' && !yielding.includes(option))
      command.setOptionValueWithSource(option, value, 'config');
}

function yieldingTo(objective: string | undefined): string[] {
  if (!objective) return [];
  // Of what learns from one teacher, how many there are is the list's to say.
  return [...unreadBy(objective), ...(teachersFor({ objective }).one ? ['teachers'] : [])];
}
