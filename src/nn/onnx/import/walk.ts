import { DistillError } from '../../../errors.js';
import { intOf } from '../../../formats/onnx/attributes.js';
import type { OnnxNode } from '../../../formats/onnx/model.js';
import { type ExternalFiles, numbersOf } from '../../../formats/onnx/numbers.js';
import { nameOf } from '../../../formats/onnx/order.js';
import type { LayerSpec } from '../../layer-specs.js';
import type { Branch, Made } from './branch.js';
import { asRow } from './elementwise.js';
import type { Flow } from './flow.js';
import { type Form, onnxShape } from './form.js';
import { integersOf, type Known } from './integers.js';
import { concatenated, summed } from './joins.js';
import { isMaxout, maxout } from './maxout.js';
import { joinFor, knownOperators, ruleFor } from './rules.js';
import type { Step } from './step.js';

/** Branches within branches, as networks of ours allow. */
const DEEPEST = 16;

/** What a walk through the graph needs and leaves behind. */
export interface Walk {
  readonly flow: Flow;
  readonly file: string;
  readonly batch: number | undefined;
  readonly files: ExternalFiles | undefined;
  /** Shapes of tensors that have been made, the batch as NaN; integers that follow from them. */
  readonly shapes: Map<string, readonly number[]>;
  readonly lists: Known['lists'];
  /** Nodes that are layers by now: each may only be one. */
  readonly done: Set<OnnxNode>;
  /** Layers' names that are taken. */
  readonly names: Set<string>;
}

/** The layers from one tensor, where `start` is, to another that everything from it passes. */
export function walked(walk: Walk, start: Branch, from: string, to: string, depth = 0): Branch {
  if (depth > DEEPEST)
    throw new DistillError('bad-file', `${walk.file} has branches in branches, more than ${DEEPEST} deep`);
  const steps: { node: OnnxNode; output: string }[] = [];
  for (let at = to; at !== from; ) {
    const node = walk.flow.maker(at)!;
    steps.push({ node, output: at });
    at = walk.flow.meeting(walk.flow.moving(node));
  }
  note(walk, from, start.form);
  let branch = start;
  steps.reverse();
  for (let k = 0; k < steps.length; k++) {
    const { node } = steps[k]!;
    const next = steps[k + 1]?.node;
    if (next && isMaxout(node, next)) {
      for (const one of [node, next]) take(walk, one);
      branch = maxout(stepOf(walk, branch, node), stepOf(walk, branch, next));
      k++;
    } else branch = through(walk, branch, node, depth);
    note(walk, steps[k]!.output, branch.form);
  }
  return branch;
}

function note({ shapes }: Walk, tensor: string, form: Form): void {
  shapes.set(tensor, [Number.NaN, ...onnxShape(form)]);
}

function refusal({ file }: Walk, node: OnnxNode): Step['refused'] {
  return (why) =>
    new DistillError('bad-file', `${file} can't become layers: the node ${nameOf(node)} ${why}`);
}

/** Each node may only be one layer. */
function take(walk: Walk, node: OnnxNode): void {
  if (walk.done.has(node))
    throw refusal(walk, node)('is needed in two branches, where each layer has one place');
  walk.done.add(node);
}

function through(walk: Walk, branch: Branch, node: OnnxNode, depth: number): Branch {
  const { flow } = walk;
  const refused = refusal(walk, node);
  take(walk, node);
  const moving = flow.moving(node);
  const rule = node.domain === '' ? ruleFor(node.op) : undefined;
  const join = node.domain === '' ? joinFor(node.op) : undefined;
  if (join && (moving.length > 1 || !rule)) return joined(walk, branch, node, { join, depth, refused });
  if (!rule)
    throw refused(
      `is an operator that no layer is${node.domain === '' ? '' : ` (of ${node.domain})`}; known are ${knownOperators()}`,
    );
  if (moving.length > 1) throw refused('joins tensors in a way that ours are not');
  const made = rule(stepOf(walk, branch, node));
  return made.layers.length > branch.layers.length ? named(walk, made, node) : made;
}

function stepOf(walk: Walk, branch: Branch, node: OnnxNode): Step {
  const { flow, file, batch, files } = walk;
  return {
    ...{ node, branch, file, batch, refused: refusal(walk, node) },
    numbers: (input) => {
      const tensor = flow.constants.get(node.inputs[input] ?? '');
      return tensor && numbersOf(tensor, file, files);
    },
    integers: (input) => integersOf(node.inputs[input] ?? '', walk),
  };
}

function joined(
  walk: Walk,
  branch: Branch,
  node: OnnxNode,
  { join, depth, refused }: { join: 'sum' | 'concat'; depth: number; refused: Step['refused'] },
): Branch {
  const moving = walk.flow.moving(node);
  if (moving.length < node.inputs.length) throw refused('joins what is computed with numbers of the file');
  if (moving.length === 1) return branch;
  const from = walk.flow.meeting(moving);
  const begin: Branch = { layers: [], form: branch.form };
  const walks = moving.map((tensor) => walked(walk, begin, from, tensor, depth + 1));
  const alike = join === 'sum' && summed(walks.map(({ form }) => form)) !== undefined;
  const branches = alike ? walks : walks.map(asRow);
  const forms = branches.map(({ form }) => form);
  const form = join === 'sum' ? summed(forms) : concatenated(forms, axisOf(node, forms, walk.file));
  if (!form)
    throw refused(
      `joins [${forms.map((each) => onnxShape(each)).join('], [')}]: known are equal shapes, and channels one after the other`,
    );
  const specs = branches.map(({ layers }) => layers.map(({ spec }) => spec));
  const spec = { [join]: specs } as unknown as LayerSpec;
  const made: Made = { spec, own: {}, branches };
  return { ...branch, layers: [...branch.layers, made], form };
}

function axisOf(node: OnnxNode, [first]: readonly Form[], file: string): number {
  const axis = intOf(node, 'axis', 1, file);
  return axis < 0 ? axis + first!.dims.length + 1 : axis;
}

/** A layer with weights goes by their name in the file, as PyTorch writes it: layer1.0.conv1.weight. */
function named({ names }: Walk, branch: Branch, { inputs }: OnnxNode): Branch {
  const last = branch.layers.at(-1)!;
  const name = inputs.flatMap((input) => /^([a-z_][\w.-]*)\.weight$/i.exec(input)?.[1] ?? [])[0];
  if (!name || names.has(name) || Object.keys(last.own).length === 0) return branch;
  names.add(name);
  return { ...branch, layers: [...branch.layers.slice(0, -1), { ...last, spec: { name, ...last.spec } }] };
}
