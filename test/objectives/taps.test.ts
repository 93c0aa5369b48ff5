import { describe, expect, test } from 'vitest';
import { parseShorthand } from 'wasm-distill';
import { checkTaps, middleTap, stageTaps, tapsByResolution } from 'wasm-distill/objectives';
import { tapOf } from '#library/nn/tap-shape.js';

const network = (text: string, shape = [28, 28, 1]) =>
  parseShorthand(text, { input: { shape }, classes: 10 }).architecture;
const teacher = network('conv16k5v pool conv32k5v pool dense128 dense10'); // maps of 24, 8
const shapes = (of: typeof teacher, names: readonly string[]) =>
  names.map((name) => tapOf(of, name, 'it').shape);

describe('taps by resolution', () => {
  test('are the last activation of each, equal sizes first, from the end', () => {
    const student = network('conv4k5s2v conv6 conv12k5v gap dense10'); // 12, 12, 8
    const pairs = tapsByResolution(student, teacher);
    expect(
      shapes(
        student,
        pairs.map((pair) => pair.student),
      ),
    ).toEqual([
      [12, 12, 6],
      [8, 8, 12],
    ]);
    expect(
      shapes(
        teacher,
        pairs.map((pair) => pair.teacher),
      ),
    ).toEqual([
      [24, 24, 16],
      [8, 8, 32],
    ]);
  });

  test('of residual networks are behind their sums', () => {
    const residual = network('conv4 res4 res8s2 res16s2 gap dense10', [16, 16, 3]);
    const deeper = network('conv8 res8*2 res16s2*2 res32s2*2 gap dense10', [16, 16, 3]);
    const pairs = tapsByResolution(residual, deeper);
    expect(
      shapes(
        residual,
        pairs.map((pair) => pair.student),
      ),
    ).toEqual([
      [16, 16, 4],
      [8, 8, 8],
      [4, 4, 16],
    ]);
    expect(
      shapes(
        deeper,
        pairs.map((pair) => pair.teacher),
      ).map(([side]) => side),
    ).toEqual([16, 8, 4]);
  });

  test('a sentence lists the layers where none fit', () => {
    expect(() => tapsByResolution(network('20,10'), teacher)).toThrow(
      /one of them has none: the student's layers are .*\(20\), the teacher's .*\(24 × 24 × 16\).*convolutions/,
    );
    expect(() =>
      tapsByResolution(
        network('conv4k7v gap dense10'),
        network('conv4k5 pool3 conv4 gap dense10', [27, 27, 1]),
      ),
    ).toThrow(/no map of the student has the size of one of the teacher's.*name layers/);
  });
});

describe('the middle', () => {
  test('is that of all hidden activations', () => {
    const thin = network('conv8k5s2v conv8 conv8 pool conv8 conv8 gap dense10');
    const pair = middleTap(thin, teacher);
    expect(shapes(thin, [pair.student])).toEqual([[12, 12, 8]]);
    expect(shapes(teacher, [pair.teacher])).toEqual([[8, 8, 32]]);
    expect(middleTap(network('20,10'), network('40,30,20,10')).teacher).toBe('3');
  });

  test('is a map where both have some', () => {
    const mostlyRows = network('conv8k5s2v pool dense64 dense32 dense16 dense10');
    expect(shapes(mostlyRows, [middleTap(mostlyRows, teacher).student])).toEqual([[12, 12, 8]]);
  });

  test('needs a hidden layer', () => {
    expect(() => middleTap(network('dense10'), teacher)).toThrow(/the student has no hidden layer/);
  });
});

test('stages are all resolutions but the deepest, of rows all hidden layers but the last', () => {
  expect(shapes(teacher, stageTaps(teacher))).toEqual([[24, 24, 16]]);
  expect(stageTaps(network('40,30,20'))).toEqual(['1', '3']);
  expect(() => stageTaps(network('20'))).toThrow(/needs two hidden stages, but it has 1: its layers are/);
});

test('named layers have to be there', () => {
  expect(() => checkTaps([{ student: 'top', teacher: '2' }], teacher, teacher)).toThrow(
    /the student: there is no layer "top" to tap: there are 0, 1/,
  );
});

test('named pairs may be in any order, but none is there twice', () => {
  const check = (...pairs: [teacher: string, student: string][]) =>
    checkTaps(
      pairs.map(([theirs, own]) => ({ teacher: theirs, student: own })),
      teacher,
      teacher,
    );
  check(['4', '1'], ['2', '2:pre'], ['4', '4']);
  expect(() => check(['3', '3'], ['3', '3'])).toThrow(
    "the list has the student's layer 3 beside the teacher's 3 twice: name each pair once",
  );
});
