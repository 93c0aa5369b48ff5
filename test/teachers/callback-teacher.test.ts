import { afterAll, describe, expect, test } from 'vitest';
import { createEngine, predict, softTargets } from 'wasm-distill';
import { makeDataset, type Samples, take } from 'wasm-distill/data';
import { answerCache, memoryArtifacts } from 'wasm-distill/jobs';
import { type CallbackTeacherOptions, callbackTeacher, logitsOf } from 'wasm-distill/objectives';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

/** Twelve rows of one number, of which the last six repeat the first. */
const data = makeDataset({
  inputs: { shape: [1], values: Float32Array.from({ length: 12 }, (_, i) => i % 6) },
  labels: new Int32Array(12),
  classes: 2,
});

/** Answers x and −x, and writes down what it was asked. */
function asking(changes: Partial<CallbackTeacherOptions> = {}) {
  const asked: number[][] = [];
  const ask = async ({ values }: Samples) => {
    asked.push([...values]);
    return Array.from(values, (x) => [x, -x]);
  };
  return { asked, options: { name: 'service', version: '1', classes: 2, ask, batch: 4, ...changes } };
}

const expected = [...data.inputs.values].flatMap((x) => [x, -x === 0 ? 0 : -x]);

describe('a teacher by callback', () => {
  test('is asked once for each distinct sample, batch by batch', async () => {
    const { asked, options } = asking();
    const teacher = await callbackTeacher(options);
    expect([...(await logitsOf(engine, [teacher], data))].map((z) => z + 0)).toEqual(expected);
    expect(asked).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
    await softTargets(engine, [teacher], data, { temperature: 2 });
    await predict(engine, teacher, take(data, 3));
    expect(asked).toHaveLength(2);
  });

  test('goes on after a failure where it was', async () => {
    const cache = new Map<string, Float32Array>();
    const { asked, options } = asking({ cache });
    const down = new Error('the service is down');
    let calls = 0;
    const failing = await callbackTeacher({
      ...options,
      ask: (samples) => (++calls === 2 ? Promise.reject(down) : options.ask(samples)),
    });
    await expect(logitsOf(engine, [failing], data)).rejects.toBe(down);
    expect(cache.size).toBe(4);
    const again = await callbackTeacher(options);
    expect([...(await logitsOf(engine, [again], data))].map((z) => z + 0)).toEqual(expected);
    expect(asked).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
  });

  test('keeps what was right of an answer that is wrong further on, and names the sample', async () => {
    const cache = new Map<string, Float32Array>();
    const { options } = asking({ cache });
    const wrong = await callbackTeacher({
      ...options,
      ask: () => [
        [1, 2],
        [3, 4],
        [5, Number.NaN],
        [7, 8],
      ],
    });
    await expect(logitsOf(engine, [wrong], data)).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/service: the answer for sample 2 has NaN for class 1/),
    });
    expect(cache.size).toBe(2);
  });

  test('of another version is asked again', async () => {
    const cache = new Map<string, Float32Array>();
    const first = asking({ cache });
    await logitsOf(engine, [await callbackTeacher(first.options)], data);
    const second = asking({ cache, version: '2' });
    await logitsOf(engine, [await callbackTeacher(second.options)], data);
    expect(second.asked).toEqual(first.asked);
    expect(cache.size).toBe(12);
  });

  test('may answer probabilities, all numbers in a row, or one number of two classes', async () => {
    const rows = async (changes: Partial<CallbackTeacherOptions>) => {
      const teacher = await callbackTeacher({ ...asking().options, ...changes });
      return predict(engine, teacher, take(data, 2));
    };
    const of = (...p: number[]) => p.map((each) => expect.closeTo(each, 5));
    const ask = () => Float32Array.of(0.25, 0.75, 0.5, 0.5);
    expect([...(await rows({ kind: 'probabilities', ask }))]).toEqual(of(0.25, 0.75, 0.5, 0.5));
    const one = () => [0.25, 0.5];
    expect([...(await rows({ kind: 'probabilities', ask: one }))]).toEqual(of(0.75, 0.25, 0.5, 0.5));
    expect([...(await rows({ ask: () => [[0], [0]] }))]).toEqual(of(0.5, 0.5, 0.5, 0.5));
  });

  test('has answers that outlast it in artifacts', async () => {
    const cache = answerCache(memoryArtifacts());
    const first = asking({ cache });
    await logitsOf(engine, [await callbackTeacher(first.options)], data);
    const second = asking({ cache });
    const logits = await logitsOf(engine, [await callbackTeacher(second.options)], data);
    expect([...logits].map((z) => z + 0)).toEqual(expected);
    expect(second.asked).toEqual([]);
  });

  test('stops at the signal between two batches', async () => {
    const stop = new AbortController();
    const { asked, options } = asking();
    const teacher = await callbackTeacher({
      ...options,
      batch: 2,
      ask: (samples) => {
        if (asked.length === 1) stop.abort();
        return options.ask(samples);
      },
    });
    const wide = { ...teacher, batch: 12 };
    await expect(predict(engine, wide, data, { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(asked).toHaveLength(2);
  });

  test.each<[string, CallbackTeacherOptions['ask'], RegExp]>([
    ['too few rows', () => [[1, 2]], /service answers an array of 1 for 4 samples/],
    [
      'rows of another length',
      () => [
        [1, 2],
        [1, 2, 3],
        [1, 2],
        [1, 2],
      ],
      /answers 3 numbers for sample 1/,
    ],
    ['nothing', () => undefined as never, /answers undefined for 4 samples/],
    ['texts', () => [['a', 'b'], [], [], []] as never, /answers "a" for class 0 of sample 0/],
  ])('is refused when it answers %s', async (_, ask, sentence) => {
    const teacher = await callbackTeacher({ ...asking().options, ask });
    await expect(logitsOf(engine, [teacher], data)).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringMatching(sentence),
    });
  });

  test.each<[string, Partial<CallbackTeacherOptions>, RegExp]>([
    ['without a version', { version: '' }, /version of callbackTeacher must be a string/],
    ['without a function', { ask: 3 as never }, /ask must be a function/],
    ['with a cache that is none', { cache: {} as never }, /cache must have get\(key\)/],
    ['with too few names', { classNames: ['a'] }, /1 class names for 2 classes/],
    ['with logits at a temperature', { kind: 'logits', temperature: 2 }, /no temperature/],
  ])('is refused %s', async (_, changes, sentence) => {
    await expect(callbackTeacher({ ...asking().options, ...changes })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(sentence),
    });
  });
});
