import type { CompiledNode } from '../../../compiler/node.js';
import type { EffectName } from '../../../graph/names.js';
import { bytesOf, size } from '../../../graph/shape.js';
import type { Effect } from '../../../graph/tensor.js';
import type { Instruction } from '../instruction.js';
import { stridedCopies } from './copies.js';
import { elementTiles } from './tiles.js';

/** `inputs` are the effect's, as the plan computes them. */
export type EffectLowering<K extends EffectName> = (
  effect: Effect<K>,
  inputs: readonly CompiledNode[],
) => Instruction | readonly Instruction[];

/** The instruction of every kind of effect. */
export const effectLowerings: { readonly [K in EffectName]: EffectLowering<K> } = {
  assign: ({ targets: [target] }, [x]) => {
    const flat = { strides: [1] };
    return stridedCopies(x!, flat, target!, flat, [size(x!.shape)]);
  },
  stepWrite: ({ targets: [target], attributes: { guard } }, [x]) => ({
    opcode: 'stepWrite',
    tiles: 1,
    fields: { x, y: target, bytes: bytesOf(x!), steps: target!.shape[0]!, guard: Number(guard) },
    writes: ['y'],
  }),
  rowsWrite: ({ targets: [target] }, [x, index]) => {
    const columns = size(target!.shape.slice(1));
    return {
      opcode: 'rowsWrite',
      tiles: elementTiles(columns),
      fields: { n: x!.shape[0]!, rows: target!.shape[0]!, columns, x, index, y: target },
      writes: ['y'],
    };
  },
  sgd: ({ targets: [w, v], attributes: { momentum, decay, nesterov } }, [g, rate, factor]) => ({
    opcode: 'sgd',
    tiles: elementTiles(size(w!.shape)),
    fields: { n: size(w!.shape), w, v, g, rate, factor, momentum, decay, nesterov: Number(nesterov) },
    writes: ['w', 'v'],
    local: ['w', 'v', 'g'],
  }),
  adam: ({ targets: [w, m, v], attributes }, [g, rate, powers, factor]) => ({
    opcode: 'adam',
    tiles: elementTiles(size(w!.shape)),
    fields: { n: size(w!.shape), w, m, v, g, rate, powers, factor, ...attributes },
    writes: ['w', 'm', 'v'],
    local: ['w', 'm', 'v', 'g'],
  }),
  maxNorm: ({ targets: [w], attributes: { limit } }) => {
    const [rows, columns] = w!.shape as [number, number];
    return {
      opcode: 'maxNorm',
      tiles: elementTiles(columns),
      fields: { rows, columns, w, limit },
      writes: ['w'],
    };
  },
};
