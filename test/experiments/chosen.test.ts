import { describe, expect, it } from 'vitest';
import { allOf, choose } from '../../experiments/chosen.ts';
import { PAPERS } from '../../experiments/papers.ts';

const ALL = allOf(PAPERS, false);

function names(...typed: string[]): string[][] {
  return choose(ALL, typed).map(({ paper, experiments }) => [
    paper.name,
    ...experiments.map(({ name }) => name),
  ]);
}

describe('what is typed', () => {
  it('names one thing each', () => {
    const known = ALL.flatMap(({ paper, experiments }) => [
      paper.name,
      ...experiments.map(({ name }) => name),
    ]);
    expect(new Set(known).size).toBe(known.length);
  });

  it('is experiments, by paper, or papers', () => {
    expect(names('survey-recipe', 'mnist-soft', 'transfer-by-prior')).toEqual([
      ['hinton-2015', 'mnist-soft'],
      ['survey', 'survey-recipe', 'transfer-by-prior'],
    ]);
    expect(names('survey', 'survey-recipe')).toEqual([
      ['survey', 'transfer-by-prior', 'survey-recipe', 'survey-recipe-all'],
    ]);
    expect(names()).toEqual([]);
  });

  it('is asked about where it is none', () => {
    expect(() => names('mnist-soft', 'surwey')).toThrow(
      'there is no experiment "surwey", but there is survey',
    );
  });
});
