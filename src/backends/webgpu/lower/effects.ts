import { type CompiledNode, memoryOf } from '../../../compiler/node.js';
import type { EffectAttributesOf, EffectName } from '../../../graph/names.js';
import { size } from '../../../graph/shape.js';
import type { Group } from '../groups.js';
import { float, type Kernel, type KernelParts, kernel, LANES, line, pointwise } from '../kernel.js';
import { functionsFor } from '../math.js';
import { inputsByName, statements } from './expression.js';
import type { LoweredNode } from './lowering.js';

/** The step at which a guarded value wasn't finite; until then above all steps. A session has one. */
export const flag: CompiledNode = { op: 'scratch', inputs: [], attributes: {}, shape: [1], dtype: 'i32' };

/** Steps that were already on their way after the guard leave variables alone. */
const UNLESS_STOPPED = '  if (i32(state.step) > flag[0]) { return; }\n';

/** The kernel of a group of effects; undefined where there is nothing to do. */
export function effectKernel(group: Group): Kernel | undefined {
  const [{ effect, inputs }] = group.members as [Group['members'][number]];
  return lowerings[effect.effect](group, effect.attributes as never, inputs);
}

type Lowering<K extends EffectName> = (
  group: Group,
  attributes: EffectAttributesOf[K],
  inputs: readonly CompiledNode[],
) => Kernel | undefined;

const lowerings: { readonly [K in EffectName]: Lowering<K> } = {
  assign: ({ value, targets: [target] }) =>
    value === target
      ? undefined
      : pointwise('assign', target!, {
          reads: { flag },
          // Both, as they may be ranges of one buffer, which can't be bound in two ways.
          writes: { x: value!, y: target! },
          body: `${UNLESS_STOPPED}  y[i] = x[i];`,
        }),

  stepWrite: ({ value, targets: [target] }, { guard }) => {
    const { reads, text, result } = computed(value!, 'i', 5);
    const check = guard ? `  if (!is_finite(${result})) { flag[0] = i32(state.step); }\n` : '';
    return pointwise('stepWrite', value!, {
      reads: { ...reads, ...(guard ? {} : { flag }) },
      writes: { y: target!, ...(guard ? { flag } : {}) },
      globals: functionsFor(text + check),
      body: `${UNLESS_STOPPED}${text}
${check}  y[(state.step % ${target!.shape[0]}u) * ${size(value!.shape)}u + i] = ${result};`,
    });
  },

  // A column is written by one invocation, row after row, so that the last of equal rows stays.
  rowsWrite: ({ value, targets: [target] }, _attributes, [, index]) => {
    const [rows, ...row] = target!.shape as [number, ...number[]];
    const columns = size(row);
    return byColumn('rowsWrite', columns, {
      reads: { index: index!, flag },
      // Both, as in assign.
      writes: { x: value!, y: target! },
      body: `  for (var i = 0u; i < ${size(index!.shape)}u; i++) {
    let row = index[i];
    if (row >= 0 && row < ${rows}) { y[u32(row) * ${columns}u + j] = x[i * ${columns}u + j]; }
  }`,
    });
  },

  sgd: ({ value, targets: [w, v] }, { momentum, decay, nesterov }, [, rate, factor]) => {
    const by = factor && computed(factor, '0u', 3);
    return pointwise('sgd', w!, {
      reads: { g: value!, rate: rate!, ...by?.reads, flag },
      writes: { w: w!, v: v! },
      globals: functionsFor(by?.text ?? ''),
      body: `${UNLESS_STOPPED}${by?.text ?? ''}
  let gradient = g[i]${by ? ` * ${by.result}` : ''}${decay === 0 ? '' : ` + ${float(decay)} * w[i]`};
  let velocity = ${float(momentum)} * v[i] + gradient;
  v[i] = velocity;
  w[i] = w[i] - rate[0] * (${nesterov ? `gradient + ${float(momentum)} * velocity` : 'velocity'});`,
    });
  },

  adam: ({ value, targets: [w, m, v] }, { beta1, beta2, epsilon, decay }, [, rate, powers, factor]) =>
    pointwise('adam', w!, {
      reads: { g: value!, rate: rate!, powers: powers!, ...(factor ? { factor } : {}), flag },
      writes: { w: w!, m: m!, v: v! },
      body: `${UNLESS_STOPPED}  let gradient = g[i]${factor ? ' * factor[0]' : ''}${decay === 0 ? '' : ` + ${float(decay)} * w[i]`};
  let first = ${float(beta1)} * m[i] + ${float(1 - beta1)} * gradient;
  let second = ${float(beta2)} * v[i] + ${float(1 - beta2)} * gradient * gradient;
  m[i] = first;
  v[i] = second;
  let step = rate[0] * (first / (1.0f - powers[0]));
  w[i] = w[i] - step / (sqrt(second / (1.0f - powers[1])) + ${float(epsilon)});`,
    }),

  maxNorm: ({ targets: [w] }, { limit }) => {
    const [rows, columns] = w!.shape as [number, number];
    return byColumn('maxNorm', columns, {
      reads: { flag },
      writes: { w: w! },
      body: `  var sum = 0.0f;
  for (var i = 0u; i < ${rows}u; i++) { sum += w[i * ${columns}u + j] * w[i * ${columns}u + j]; }
  let norm = sqrt(sum);
  if (norm <= ${float(limit)}) { return; }
  let factor = ${float(limit)} / norm;
  for (var i = 0u; i < ${rows}u; i++) { w[i * ${columns}u + j] *= factor; }`,
    });
  },
};

/** One invocation a column: statements that see the column's number as `j`. */
function byColumn(
  name: string,
  columns: number,
  { body, ...parts }: Pick<KernelParts, 'reads' | 'writes' | 'body'>,
): Kernel {
  const { workgroups, index } = line(Math.ceil(columns / LANES));
  return kernel({
    ...parts,
    name,
    body: `${UNLESS_STOPPED}  let j = (${index}) * ${LANES}u + lane;
  if (j >= ${columns}u) { return; }
${body}`,
    workgroups,
  });
}

interface Computed {
  readonly reads: Readonly<Record<string, CompiledNode>>;
  readonly text: string;
  readonly result: string;
}

/** The element at `index` of what an effect reads: computed there if that is a small expression of few tensors, else read. */
function computed(node: CompiledNode, index: string, most: number): Computed {
  // A variable may have been written by then.
  const readsVariables = node.inputs.some((input) => memoryOf(input).op === 'variable');
  if (node.op !== 'elementwise' || size(node.shape) > LANES || node.inputs.length > most || readsVariables)
    return { reads: { value: node }, text: '', result: `value[${index}]` };
  const { expression } = (node as LoweredNode<'elementwise'>).attributes;
  return { reads: inputsByName(node.inputs), ...statements(expression, node.shape, index) };
}
