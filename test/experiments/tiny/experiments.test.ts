import { describe, expect, it } from 'vitest';
import { encodeInt8Model, evaluate } from 'wasm-distill';
import { decodeInt8Model } from 'wasm-distill/formats';
import type { Comparison } from '../../../experiments/experiment.ts';
import { experiments, tiny } from '../../../experiments/tiny/paper.ts';
import { conduct, open, setting } from '../setting.ts';
import { expectAllRun } from '../suite.ts';

const ALL = experiments({
  ...{ seeds: 2, teachers: 2, epochs: 1 },
  teacher: { network: 'conv4k5s2v pool dense16 dense10', training: { epochs: 1 } },
});

describe('every experiment', () => expectAllRun(tiny, ALL));

describe('students of 8 bits', () => {
  it('are what their files have', async () => {
    const result = await conduct(ALL[0]!, 'tiny');
    const { rows } = ALL[0] as Comparison;
    const i = rows.findIndex(({ eightBits }) => eightBits);
    const laboratory = await open('tiny');
    const [job] = await laboratory.jobs(rows[i]!.model, [1]);
    const { model } = await laboratory.trained(job!);
    const read = decodeInt8Model(encodeInt8Model(model), 'it').model;
    const { errors } = await evaluate(setting.engine, read, setting.task.test);
    expect(result.rows[i]!.each[0]).toBe(errors);
    expect(result.rows[i]!.weightsSha256[0]).not.toBe(result.rows[i - 1]!.weightsSha256[0]);
  });
});
