import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { objectiveCatalog } from 'wasm-distill/objectives';
import { applyPreset } from '../../../cli/options/apply-preset.ts';
import { addOptions, type OptionName } from '../../../cli/options/options.ts';
import { PRESET_NAMES } from '../../../cli/options/presets.ts';
import { unreadBy } from '../../../cli/options/unread.ts';

const OPTIONS = [
  ...(['preset', 'objective', 'teacher', 'teachers', 'temperature', 'loss', 'teacherTemperature'] as const),
  ...(['student', 'data', 'jitter', 'transfer', 'teacherEpochs', 'epochs', 'lr'] as const),
] satisfies OptionName[];

/** What isn't by default, from the command line and the preset. */
function chosen(...typed: string[]): Record<string, unknown> {
  const command = addOptions(new Command(), OPTIONS).parse(typed, { from: 'user' });
  applyPreset(command);
  const names = OPTIONS.filter((name) => ['cli', 'config'].includes(command.getOptionValueSource(name)!));
  return Object.fromEntries(names.map((name) => [name, command.getOptionValue(name)]));
}

describe('the options of a preset', () => {
  test('go behind those that were typed', () => {
    expect(chosen('--preset', 'demo', '--epochs', '20', '--temperature', '2')).toMatchObject({
      ...{ epochs: '20', temperature: '2', loss: 'two-term', lr: '0.6', teachers: '2' },
    });
    // 20 is the default, too: an objective whose own is 4 is to have it.
    expect(chosen('--preset', 'hinton-2015', '--objective', 'kd')).toMatchObject({ temperature: '20' });
  });

  const READ: [string, string, string[]][] = [
    ['demo', 'at', ['teacher']],
    ['demo', 'mutual', ['temperature']],
    ['demo', 'symmetric-attention', []],
    ['demo', 'kd+sp', ['teacher', 'temperature', 'loss']],
    ['demo', 'kd', ['teacher', 'teachers', 'temperature', 'loss']],
    ['attention-transfer', 'at', ['teacher']],
    ['fitnets', 'fsp', ['teacher']],
    ['fitnets', 'fitnets', ['teacher', 'temperature']],
    ['survey', 'dkd', ['temperature']],
  ];
  test.each(READ)('of %s yield to --objective %s, but %j', (preset, objective, read) => {
    const all = chosen('--preset', preset, '--objective', objective);
    const yielding = ['teacher', 'teachers', 'temperature', 'loss'].filter((name) => name in all);
    expect(yielding).toEqual(read);
    expect(all.objective).toBe(objective);
    // As it has nothing to do with the list.
    if (preset === 'demo') expect(all).toMatchObject({ epochs: '60', transfer: '3%' });
  });

  test('that were typed don’t yield, so that they can be refused', () => {
    const all = chosen('--preset', 'demo', '--objective', 'at', '--temperature', '4', '--teachers', '2');
    expect(all).toMatchObject({ temperature: '4', teachers: '2' });
  });

  test.each(PRESET_NAMES)('%s leaves nothing unread beside any objective', (preset) => {
    for (const objective of Object.keys(objectiveCatalog)) {
      const all = Object.keys(chosen('--preset', preset, '--objective', objective));
      expect(unreadBy(objective).filter((option) => all.includes(option))).toEqual([]);
    }
  });
});
