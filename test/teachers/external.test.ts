import { afterAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  distillation,
  evaluate,
  mlp,
  predict,
  softTargets,
  type TrainedModel,
  train,
} from 'wasm-distill';
import { type Dataset, type ExternalModel, makeDataset, type Samples } from 'wasm-distill/data';
import { sha256 } from 'wasm-distill/formats';
import { dataSha256, memoryArtifacts, modelSha256, Runner } from 'wasm-distill/jobs';
import { hiddenOf, logitsOf } from 'wasm-distill/objectives';
import { syntheticData } from '../support/golden.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

const data = syntheticData(330);
const model = await train(engine, {
  architecture: mlp([144, 8, 10]),
  data,
  epochs: 2,
  seed: 3,
});
const own = await logitsOf(engine, [model], data);

/** Answers what the model would, as a service does: it knows the samples by their bytes. */
async function service(changes: Partial<ExternalModel> = {}): Promise<ExternalModel & { asked: number[] }> {
  const each = data.inputs.values.length / data.size;
  const rows = new Map<string, Float32Array>();
  for (let i = 0; i < data.size; i++)
    rows.set(
      data.inputs.values.subarray(i * each, (i + 1) * each).join(),
      own.subarray(i * data.classes, (i + 1) * data.classes),
    );
  const asked: number[] = [];
  const logits = async ({ values }: Samples) => {
    const count = values.length / each;
    asked.push(count);
    return Float32Array.from(
      Array.from({ length: count }, (_, i) => [
        ...rows.get(values.subarray(i * each, (i + 1) * each).join())!,
      ]).flat(),
    );
  };
  const name = 'the service';
  return { name, sha256: await sha256([own]), classes: data.classes, logits, asked, ...changes };
}

describe('an external model', () => {
  test('predicts, and is evaluated, as the network whose answers it gives', async () => {
    const external = await service();
    expect(await predict(engine, external, data)).toEqual(await predict(engine, model, data));
    const { errors } = await evaluate(engine, external, data);
    expect(errors).toBe((await evaluate(engine, model, data)).errors);
  });

  test('is asked batch by batch, and tells its progress', async () => {
    const external = await service({ batch: 64 });
    const seen: number[] = [];
    await predict(engine, external, data, { onProgress: ({ samples }) => void seen.push(samples) });
    const whole = Math.floor(data.size / 64);
    expect(external.asked).toEqual([...Array(whole).fill(64), ...(data.size % 64 ? [data.size % 64] : [])]);
    expect(seen.at(-1)).toBe(data.size);
  });

  test('teaches beside own networks: probabilities are averaged', async () => {
    const other = await train(engine, { architecture: model.architecture, data, epochs: 1, seed: 4 });
    const mixed = await softTargets(engine, [await service(), other], data, { temperature: 3 });
    const both = await softTargets(engine, [model, other], data, { temperature: 3 });
    for (const [i, p] of mixed.probabilities.entries()) expect(p).toBeCloseTo(both.probabilities[i]!, 6);
    expect(mixed.teachers[0]).toBe((await service()).sha256);
    const logits = await logitsOf(engine, [await service(), other], data);
    const ownLogits = await logitsOf(engine, [model, other], data);
    for (const [i, z] of logits.entries()) expect(z).toBeCloseTo(ownLogits[i]!, 4);
  });

  test('alone it teaches to the same bits as the network', async () => {
    const student = async (teacher: TrainedModel | ExternalModel) => {
      const soft = await softTargets(engine, [teacher], data, { temperature: 3 });
      const objective = distillation({ soft, temperature: 3 });
      return train(engine, { architecture: model.architecture, data, objective, epochs: 1, seed: 5 });
    };
    expect(await student(await service())).toEqual(await student(model));
  });

  test('tells features, where it has some', async () => {
    const features = async ({ values }: Samples) => new Float32Array(2 * (values.length / 144)).fill(1);
    expect(await hiddenOf(engine, await service({ features }), data)).toHaveLength(2 * data.size);
    await expect(hiddenOf(engine, await service(), data)).rejects.toThrow(/has no features/);
  });

  test('is a teacher of jobs, known by its own hash', async () => {
    const external = await service();
    const run = async (reference: string) => {
      const runner = new Runner(engine, {
        artifacts: memoryArtifacts(),
        data: async () => data,
        models: async () => external,
      });
      const known = { name: 'data', sha256: await dataSha256(data) };
      const teacher = { kind: 'model', name: 'service', sha256: reference } as const;
      const lesson = { kind: 'distillation', teachers: [teacher], temperature: 2 } as const;
      const job = { kind: 'train', title: 'student', architecture: model.architecture } as const;
      return runner.train([{ ...job, data: known, test: known, lesson, epochs: 1, seed: 1 }]);
    };
    expect(await run(external.sha256)).toHaveLength(1);
    await expect(run(await modelSha256(model))).rejects.toThrow(/its hash differs/);
  });

  test.each([
    ['other classes', { classes: 3 }, /knows 3 classes, but the data have 10/],
    [
      'too few numbers',
      { logits: async () => new Float32Array(3) },
      /must answer a Float32Array of 100 × 10 numbers/,
    ],
    [
      'what is no number',
      { logits: async () => new Float32Array(1000).fill(NaN) },
      /answers NaN for sample 0/,
    ],
    ['a hash that is none', { sha256: 'abc' }, /64 digits of hex/],
  ])('is refused with %s', async (_, changes, sentence) => {
    await expect(predict(engine, await service(changes), data)).rejects.toThrow(sentence);
  });

  test('stops at the signal, and what it rejects with comes through', async () => {
    const stop = new AbortController();
    const slow = await service({
      logits: async ({ values }: Samples) => {
        stop.abort();
        return new Float32Array((values.length / 144) * 10);
      },
    });
    await expect(predict(engine, slow, data, { signal: stop.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    const broken = await service({ logits: () => Promise.reject(new Error('the service is down')) });
    await expect(predict(engine, broken, data)).rejects.toThrow('the service is down');
  });

  test("can't run in a training step", async () => {
    const teachers = [await service()] as unknown as TrainedModel[];
    expect(() => distillation({ teachers, temperature: 2 })).toThrow(/make soft targets with softTargets/);
  });
});

test('an unlabeled set of one sample is answered too', async () => {
  const one: Dataset = makeDataset({
    inputs: {
      shape: data.inputs.shape,
      values: data.inputs.values.slice(0, data.inputs.values.length / data.size),
    },
    labels: [-1],
  });
  expect(await predict(engine, await service(), one)).toHaveLength(10);
});
