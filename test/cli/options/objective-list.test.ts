import { describe, expect, test } from 'vitest';
import { listedIn } from '../../../cli/options/objective-list.ts';

describe('a list of objectives', () => {
  test('has options after a colon, which commas part as they part objectives', () => {
    expect(listedIn('kd + at:power=4,form=common,sp')).toEqual([
      { objective: 'kd', options: {} },
      { objective: 'attention', options: { power: 4, form: 'common' } },
      { objective: 'similarity', options: {} },
    ]);
    expect(listedIn('darkrank: length=2, normalize = false')).toEqual([
      { objective: 'darkrank', options: { length: 2, normalize: false } },
    ]);
  });

  test('reads numbers where the option takes some, and else what is written', () => {
    // Layers are called by their places, too.
    expect(listedIn('triplet:layer=5,margin=.5')[0]!.options).toEqual({ layer: '5', margin: 0.5 });
    expect(listedIn('triplet:layer=true')[0]!.options).toEqual({ layer: 'true' });
  });

  const sentences: [string, RegExp][] = [
    ['atention', /no objective "atention" \(did you mean attention\?\): there are labels/],
    ['telepathy', /^--objective: there is no objective "telepathy": there are/],
    [
      'at:powr=2',
      /attention has no option powr \(did you mean power\?\): there are layers, power, over, form/,
    ],
    ['logits:power=2', /logits has no option power: there are none/],
    ['at:power=5', /power of attention must be 1, 2, 3 or 4, not 5/],
    ['at:power=x', /power of attention must be 1, 2, 3 or 4, not "x"/],
    ['at:form=commn', /form of attention must be 'paper' or 'common', not "commn"/],
    ['at:power', /options of attention are name=value .*not "power"/],
    ['at:', /options of attention are name=value .*not ""/],
    ['at:power=2,power=3', /power of attention is there twice/],
    ['at:layers=2', /layers of attention must be a list of/],
    ['power=2,at', /no objective "power=2"/],
    ['rkd:angle=-1', /angle of relational must be a number of at least 0, not -1/],
    ['darkrank:length=7', /length of darkrank must be a whole number from 2 to 6, not 7/],
    ['kd+kd:temperature=2', /--objective has kd twice/],
    ['kd+', /no objective ""/],
  ];
  test.each(sentences)('%s', (text, sentence) => {
    expect(() => listedIn(text)).toThrow(sentence);
    expect(() => listedIn(text)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});
