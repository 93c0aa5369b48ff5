import { rewritten } from '../../compiler/rewrite.js';
import type { EffectName, OpName } from '../../graph/names.js';
import type { Shape } from '../../graph/shape.js';
import { type Computed, type Effect, type Tensor, type Variable, variable } from '../../graph/tensor.js';
import { topological } from '../../graph/topology.js';
import { assign } from '../../ops/effects.js';
import { begins } from '../webgpu/program.js';
import { effectTolerance, operatorTolerance, type Tolerance } from './tolerances.js';

/** One operator or effect of a plan as a plan of its own, which takes what was computed before it from variables. */
export interface Part {
  readonly operator: OpName | EffectName;
  readonly inputs: readonly Shape[];
  readonly effects: readonly Effect[];
  /** What it writes. */
  readonly targets: readonly Variable[];
  readonly tolerance: Tolerance;
}

/** The operators of a plan, equal ones once, and then its effects: each may run when those before it have run. */
export function partsOf(effects: readonly Effect[]): Part[] {
  const parts: Part[] = [];
  const merged = rewritten(effects, []);
  // Without rewrites all nodes are the graph's own.
  const roots = merged.flatMap(({ inputs }) => inputs) as Tensor[];
  const standIns = new Map<Tensor, Tensor>();
  const standIn = (node: Tensor) => standIns.get(node)!;
  for (const node of topological(roots)) {
    const over = { ...node, inputs: node.inputs.map(standIn) } as Tensor;
    if (isSource(node)) standIns.set(node, node);
    else if (isView(node)) standIns.set(node, over);
    else {
      const target = variable(`${node.op} ${parts.length}`, node.shape, node.dtype);
      parts.push(ofOperator(over as Computed, target));
      standIns.set(node, target);
    }
  }
  for (const { effect, inputs } of merged) parts.push(ofEffect(effect, (inputs as Tensor[]).map(standIn)));
  return parts;
}

const isSource = ({ op }: Tensor): boolean => op === 'variable' || op === 'fill' || op === 'constant';

/** What has no memory of its own, or none that an effect could write: bytes. Whoever reads it computes it. */
const isView = ({ op, dtype }: Tensor): boolean => op === 'reshape' || dtype === 'u8';

function ofOperator(node: Computed, target: Variable): Part {
  return {
    operator: node.op,
    inputs: node.inputs.map(({ shape }) => shape),
    effects: onGpu([assign(target, node)]),
    targets: [target],
    tolerance: operatorTolerance(node),
  };
}

function ofEffect(effect: Effect, inputs: readonly Tensor[]): Part {
  return {
    operator: effect.effect,
    inputs: inputs.map(({ shape }) => shape),
    effects: onGpu([{ ...effect, inputs }]),
    targets: effect.targets,
    tolerance: effectTolerance(effect.effect),
  };
}

/** The engine on the GPU leaves to wasm what reads no variable: there is one to read. */
function onGpu(effects: readonly Effect[]): readonly Effect[] {
  if (!begins(effects)) return effects;
  return [...effects, assign(variable('written', [1]), variable('read', [1]))];
}
