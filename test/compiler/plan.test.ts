import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEngine, mlp } from 'wasm-distill';
import { type Effect, gradients, network, ops, variable } from 'wasm-distill/graph';
import { accessesOf } from '#library/backends/wasm/barriers.js';
import { compile, schedule } from '#library/backends/wasm/program.js';
import { type CompiledNode, memoryOf } from '#library/compiler/node.js';
import { placeIntermediates } from '#library/compiler/places.js';
import { bytesOf } from '#library/graph/shape.js';

/** The training step of a small network with a KD loss: what every plan of this project looks like. */
function trainingStep(): Record<string, Effect[]> {
  const { forward, trained } = network(mlp([6, 5, 3]));
  const parameters = trained.map((parameter) => parameter.variable);
  const x = variable('x', [4, 6]);
  const soft = variable('soft', [4, 3]);
  const labels = variable('labels', [4], 'i32');
  const rates = variable('rates', [8]);
  const losses = variable('losses', [8]);
  const loss = ops.mean(ops.kdLoss(forward(x, 'train').logits, { soft, labels, temperature: 2 }));
  const slopes = gradients(loss, parameters);
  const moves = parameters.map((p, i) =>
    ops.sgdUpdate(p, {
      velocity: variable(`${p.name}.v`, p.shape),
      gradient: slopes[i]!,
      rate: ops.atStep(rates),
      momentum: 0.9,
    }),
  );
  return { step: [...moves.reverse(), ops.writeAtStep(losses, loss, { guard: true })] };
}

test('the plan of a training step, as text', async () => {
  await using engine = await createEngine({ threads: 1 });
  expect(engine.explain(trainingStep())).toMatchInlineSnapshot(`
    "step:
      stepRead x=rates[8] y=%0[] bytes=4 steps=8 | 1 tiles
      matmul m=4 n=5 k=6 a=x[4,6] b=layer1.dense.weight[6,5] c=%1[4,5] bias=layer1.dense.bias[5] relu=1 byRows=1 | 1 tiles
    = matmul m=4 n=3 k=5 a=%1[4,5] b=logits.weight[5,3] c=%2[4,3] bias=logits.bias[3] byRows=1 | 1 tiles
    = kdLoss rows=4 columns=3 logits=%2[4,3] soft=soft[4,3] labels=labels[4] upstream=fill(0.25)[4] loss=%3[4] gradient=%4[4,3] temperature=2 alpha=0.1 beta=0.9 | 4 tiles
    = reduce outer=1 length=4 inner=3 x=%4[4,3] y=%5[3] | 1 tiles
    = sgd n=3 w=logits.bias[3] v=logits.bias.v[3] g=%5[3] rate=%0[] momentum=0.9 decay=0 | 1 tiles
      matmul m=5 n=3 k=4 a=%1[4,5] b=%4[4,3] c=%6[5,3] transposeA=1 byRows=1 | 1 tiles
    = matmul m=4 n=5 k=3 a=%4[4,3] b=logits.weight[5,3] c=%7[4,5] transposeB=1 mask=%1[4,5] byRows=1 | 1 tiles
    = sgd n=15 w=logits.weight[5,3] v=logits.weight.v[5,3] g=%6[5,3] rate=%0[] momentum=0.9 decay=0 | 1 tiles
      reduce outer=1 length=4 inner=5 x=%7[4,5] y=%8[5] | 1 tiles
    = sgd n=5 w=layer1.dense.bias[5] v=layer1.dense.bias.v[5] g=%8[5] rate=%0[] momentum=0.9 decay=0 | 1 tiles
    = matmul m=6 n=5 k=4 a=x[4,6] b=%7[4,5] c=%9[6,5] transposeA=1 byRows=1 | 2 tiles
    = sgd n=30 w=layer1.dense.weight[6,5] v=layer1.dense.weight.v[6,5] g=%9[6,5] rate=%0[] momentum=0.9 decay=0 | 2 tiles
    = reduce outer=1 length=4 inner=1 x=%3[4] y=%10[] | 1 tiles
    = unary n=1 x=%10[] y=%11[] value=0.25 | 1 tiles
    = stepWrite x=%11[] y=losses[8] bytes=4 steps=8 guard=1 | 1 tiles"
  `);
});

describe('lowering', () => {
  test('equal subexpressions are computed once', () => {
    const x = variable('x', [3]);
    const twice = ops.add(ops.exp(x), ops.exp(x));
    const { instructions } = schedule([ops.assign(variable('y', [3]), twice)]);
    expect(instructions.map((i) => i.opcode)).toEqual(['chain']);
    expect((instructions[0]!.fields.code as CompiledNode).name).toBe('(t0 = exp(x0); y = add(t0, t0))');
  });

  test('constants that JSON writes alike stay apart', () => {
    const x = variable('x', [3]);
    const values = [Infinity, -Infinity, Number.NaN, 0, -0];
    const { instructions } = schedule(
      values.map((v, i) => ops.assign(variable(`y${i}`, [3]), ops.add(x, ops.fill(v, [3])))),
    );
    const added = instructions.map(({ fields }) => fields.x1 as { attributes: { value: number } });
    expect(added.map(({ attributes }) => attributes.value)).toEqual(values);
  });

  test('a product that something else reads too is not fused away', () => {
    const x = variable('x', [3, 3]);
    const product = ops.matmul(x, x);
    const { instructions } = schedule([
      ops.assign(variable('y', [3, 3]), ops.relu(product)),
      ops.assign(variable('z', [3, 3]), product),
    ]);
    expect(instructions.map((i) => i.opcode)).toEqual(['matmul', 'unary']);
  });

  test('a value is computed in the variable it is assigned to, unless something still needs the old one', () => {
    const x = variable('x', [2]);
    const y = variable('y', [2]);
    const { instructions, inPlace } = schedule([ops.assign(y, ops.exp(x))]);
    expect(instructions.map((i) => i.opcode)).toEqual(['unary']);
    expect(inPlace.get(instructions[0]!.fields.y as CompiledNode)).toBe(y);
    const kept = schedule([ops.assign(y, ops.exp(y)), ops.assign(x, ops.scale(y, 2))]).instructions;
    expect(kept.map((i) => i.opcode)).toEqual(['unary', 'unary', 'copy']);
  });

  test('an effect waits for every reader of the old value', () => {
    const a = variable('a', [2]);
    const b = variable('b', [2]);
    // Swapped through the graph: both see the values from before the step.
    const { instructions } = schedule([ops.assign(a, ops.scale(b, 2)), ops.assign(b, ops.scale(a, 3))]);
    const kinds = instructions.map((i) => i.opcode);
    expect(kinds).toEqual(['unary', 'unary', 'copy', 'copy']);
  });

  test('buffers that are needed at once never overlap, and reuse saves memory', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 200 })), {
          minLength: 1,
          maxLength: 60,
        }),
        (links) => {
          const tensors = links.map(([, , n]) => ops.fill(0, [n]));
          const touched = links.map(([i, j], k) => [
            tensors[Math.min(i, k)]!,
            tensors[Math.min(j, k)]!,
            tensors[k]!,
          ]);
          const { places, end } = placeIntermediates(touched, 64, 64);
          const lives = tensors.map((t) => {
            const used = touched.flatMap((nodes, k) => (nodes.includes(t) ? [k] : []));
            return { start: places.get(t)!, bytes: bytesOf(t), first: used[0]!, last: used.at(-1)! };
          });
          for (const a of lives) {
            expect(a.start % 64).toBe(0);
            expect(a.start + a.bytes).toBeLessThanOrEqual(end);
            for (const b of lives) {
              const together = a !== b && a.first <= b.last && b.first <= a.last;
              if (together) expect(a.start + a.bytes <= b.start || b.start + b.bytes <= a.start).toBe(true);
            }
          }
        },
      ),
    );
  });

  test('a barrier stands between any two instructions of which one writes what another thread may touch', () => {
    const program = compile(trainingStep());
    const { instructions } = program.plans.get('step')!;
    // Places again, from the program: variables as compiled, intermediates apart from each other.
    const places = new Map<CompiledNode, number>(program.variables);
    const intermediates = instructions.flatMap((i) =>
      Object.values(i.fields).filter((f) => typeof f === 'object'),
    );
    intermediates.forEach((f, i) => {
      if (!places.has(memoryOf(f))) places.set(memoryOf(f), 2 ** 24 + 4096 * i);
    });
    const placeOf = (node: CompiledNode) => places.get(memoryOf(node))!;
    instructions.forEach((later, j) => {
      let i = j;
      while (i > 0 && !instructions[i]!.barrier) i--;
      // instructions i … j − 1 run without a barrier before j
      for (let k = i; k < j && !later.barrier; k++) {
        for (const x of accessesOf(instructions[k]!, placeOf)) {
          for (const y of accessesOf(later, placeOf)) {
            const overlap = x.start < y.end && y.start < x.end && (x.write || y.write);
            if (overlap) expect(x.share).toBe(y.share);
            if (overlap) expect(x.share).toBeDefined();
          }
        }
      }
    });
  });
});
