import { expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { gradients, ops, type Tensor, variable } from 'wasm-distill/graph';
import { evaluateReference } from '#library/backends/reference/evaluate.js';

/** Values of tensors on an engine, given those of variables. */
async function compute(
  tensors: Tensor[],
  values: [ReturnType<typeof variable>, number[]][],
): Promise<number[][]> {
  await using engine = await createEngine({ threads: 2 });
  const outputs = tensors.map((t, i) => variable(`output${i}`, t.shape));
  const session = await engine.load({ run: tensors.map((t, i) => ops.assign(outputs[i]!, t)) });
  for (const [v, data] of values) if (session.has(v)) await session.write(v, Float32Array.from(data));
  await session.run('run');
  return Promise.all(outputs.map(async (o) => [...(await session.read(o))]));
}

test('a loss that a user wrote: logit regression from sub, square and mean (Ba & Caruana 2014)', async () => {
  const student = variable('student', [2, 3]);
  const teacher = variable('teacher', [2, 3]);
  const loss = ops.mean(ops.square(ops.subtract(student, teacher)));
  const s = [1, 2, 3, 4, 5, 6];
  const t = [2, 2, 1, 0, 5, 9];
  const [value, slope] = await compute(
    [loss, ...gradients(loss, [student])],
    [
      [student, s],
      [teacher, t],
    ],
  );
  expect(value![0]).toBeCloseTo((1 + 0 + 4 + 16 + 0 + 9) / 6, 5);
  s.forEach((x, i) => {
    expect(slope![i]).toBeCloseTo((2 * (x - t[i]!)) / 6, 5);
  });
});

test('a gradient of a gradient: the squared norm of a loss’s gradient by the input, as attention transfer needs it', async () => {
  const x = variable('x', [2, 4]);
  const w = variable('w', [4, 3]);
  const labels = variable('labels', [2], 'i32');
  const soft = variable('soft', [2, 3]);
  const loss = ops.mean(ops.kdLoss(ops.matmul(ops.square(x), w), { soft, temperature: 2 }));
  const [byInput] = gradients(loss, [x]);
  const penalty = ops.sumTo(ops.square(byInput!), []);
  const [byWeight] = gradients(penalty, [w]);
  const data: [ReturnType<typeof variable>, number[]][] = [
    [x, [0.5, -1, 0.25, 2, 1, 0.75, -0.5, 0.1]],
    [w, [0.1, 0.2, -0.3, 0.4, -0.5, 0.6, 0.7, 0.8, -0.9, 1, 0.3, -0.2]],
    [soft, [0.2, 0.5, 0.3, 0.1, 0.1, 0.8]],
  ];
  const [got] = await compute([byWeight!], data);
  const at = (i: number, h: number) => {
    const moved = data.map(([v, d]) => [v, v === w ? d.map((y, k) => (k === i ? y + h : y)) : d] as const);
    return evaluateReference([penalty], new Map(moved))[0]![0]!;
  };
  got!.forEach((g, i) => {
    expect(g).toBeCloseTo((at(i, 1e-5) - at(i, -1e-5)) / 2e-5, 4);
  });
  expect(labels.dtype).toBe('i32');
});

test('a third derivative: x⁴ gives 24x', async () => {
  const x = variable('x', [1]);
  let y = ops.square(ops.square(x));
  for (let i = 0; i < 3; i++) y = gradients(ops.sumTo(y, []), [x])[0]!;
  expect((await compute([y], [[x, [1.5]]]))[0]![0]).toBeCloseTo(36, 4);
});

test('what the scalar does not depend on has a gradient of zeros; what is no scalar is refused', async () => {
  const x = variable('x', [3]);
  const y = variable('y', [2]);
  const [none] = gradients(ops.sumTo(x, []), [y]);
  expect(none).toMatchObject({ op: 'fill', shape: [2] });
  expect(() => gradients(x, [x])).toThrow('only a scalar can be differentiated');
  expect(() => gradients(ops.sumTo(ops.take(x, variable('i', [2], 'i32')), []), [x])).toThrow(
    "gather can't be differentiated",
  );
});

test('the gradient by a tensor that is computed, however it is: nothing flows further', async () => {
  const table = variable('table', [3, 2]);
  const rows = ops.take(table, variable('i', [2], 'i32'));
  const [slope] = gradients(ops.sumTo(ops.square(rows), []), [rows]);
  expect((await compute([slope!], [[table, [1, 2, 3, 4, 5, 6]]]))[0]).toEqual([2, 4, 2, 4]);
});

test('shapes that do not fit are refused with both shapes named', () => {
  const a = variable('a', [2, 3]);
  const b = variable('b', [2, 4]);
  expect(() => ops.add(a, b)).toThrow("add: shapes [2,3] and [2,4] don't broadcast");
  expect(() => ops.matmul(a, b)).toThrow('matmul: [2, 3] times [2, 4]: the inner sizes differ');
  expect(() => ops.concat([a, b], 0)).toThrow('differ outside axis 0');
  expect(() => ops.slice(a, { start: [1, 1], shape: [2, 2] })).toThrow("isn't inside [2,3]");
  expect(() => ops.softmax(a, 0)).toThrow('the temperature must be a positive number, not 0');
  expect(() => ops.dropout(a, { rate: 1, stream: { kind: 'user', index: 0 } })).toThrow(
    'the rate must be at least 0 and below 1',
  );
  expect(() => variable('v', [0])).toThrow('v: shape [0]');
});

test('what is stopped is a constant: x·stop(x) has the gradient x, and takes no instruction more', async () => {
  const x = variable('x', [3]);
  const [slope] = gradients(ops.sumTo(ops.multiply(x, ops.stopGradient(ops.scale(x, 3))), []), [x]);
  const [got] = await compute([slope!], [[x, [0.5, -1, 2]]]);
  expect([...got!]).toEqual([1.5, -3, 6]);
  const [none] = gradients(ops.sumTo(ops.stopGradient(x), []), [x]);
  expect(none).toMatchObject({ op: 'fill', shape: [3] });
});
