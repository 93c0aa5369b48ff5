import { type CompiledNode, memoryOf } from '../../../compiler/node.js';
import { countUses, type Rewrite, rebuild } from '../../../compiler/rewrite.js';
import type { AttributesOf, BinaryKind, UnaryKind } from '../../../graph/names.js';
import { type Shape, size } from '../../../graph/shape.js';
import { denseView } from '../../../ops/view.js';
import type { Expression, FusedAttributesOf } from './nodes.js';
import { type Mapping, reshapedView, through } from './views.js';

/** Tensors that one expression may read: a kernel binds eight buffers at most, and a reduction needs some itself. */
const MOST_INPUTS = 6;

/** An expression with what it reads. */
interface Form {
  readonly expression: Expression;
  readonly inputs: readonly CompiledNode[];
}

/**
 * Elementary operators, and what views their inputs, become expressions; one that a single operator reads is part of
 * that operator's. A reduction takes in what it sums up.
 */
export const fuseElementwise: Rewrite = {
  name: 'elementwise operators, views and what sums them up',
  apply: (roots) => {
    const uses = countUses(roots);
    const forms = new Map<CompiledNode, Form>();
    return rebuild(roots, (whole, original) => {
      const node = partAlone(whole);
      const taken = (i: number): Form | undefined => {
        const input = node.inputs[i]!;
        const form = forms.get(input);
        const inside = original.inputs.filter((other) => other === original.inputs[i]).length;
        const alone = node === whole && uses.get(original.inputs[i]!) === inside;
        return form && (alone || isCheap(form, input.shape)) ? form : undefined;
      };
      const scaled = scaledSum(node, (uses.get(original.inputs[0]!) ?? 0) === 1);
      if (scaled) return scaled;
      const form = formOf(node, taken);
      if (form) {
        const fused = elementwise(node, form);
        forms.set(fused, form);
        return fused;
      }
      const summed = node.op === 'reduce' ? taken(0) : undefined;
      return summed ? reduced(node, summed) : node;
    });
  },
};

/** A slice of one part of a concatenation as a slice of that part. */
function partAlone(node: CompiledNode): CompiledNode {
  const [joined] = node.inputs;
  if (node.op !== 'slice' || joined?.op !== 'concat') return node;
  const { axis } = joined.attributes as AttributesOf['concat'];
  const { start, shape } = node.attributes as AttributesOf['slice'];
  const first = joined.inputs[0]!.shape[axis]!;
  const inSecond = start[axis]! >= first;
  if (!inSecond && start[axis]! + shape[axis]! > first) return node;
  const moved = start.map((at, d) => (d === axis && inSecond ? at - first : at));
  return { ...node, inputs: [joined.inputs[inSecond ? 1 : 0]!], attributes: { start: moved, shape } };
}

/** A sum times a number, as a mean is one, as the sum of what is summed up times the number. */
function scaledSum(node: CompiledNode, alone: boolean): CompiledNode | undefined {
  const [sum] = node.inputs;
  const { kind, value } = node.attributes as AttributesOf['unary'];
  if (!alone || node.op !== 'unary' || kind !== 'scale') return undefined;
  if ((sum!.attributes as Partial<AttributesOf['reduce']>).kind !== 'sum') return undefined;
  const scaled = (of: Expression): Expression => ({ kind: 'unary', op: 'scale', value, of });
  if (sum!.op === 'reduce') {
    const { expression, inputs } = leaf(sum!.inputs[0]!);
    return reduced(sum!, { expression: scaled(expression), inputs });
  }
  if (sum!.op !== 'reducedElementwise') return undefined;
  const attributes = sum!.attributes as FusedAttributesOf['reducedElementwise'];
  return { ...sum!, attributes: { ...attributes, expression: scaled(attributes.expression) } };
}

function elementwise(node: CompiledNode, { expression, inputs }: Form): CompiledNode {
  return { op: 'elementwise', inputs, attributes: { expression }, shape: node.shape, dtype: node.dtype };
}

function reduced(node: CompiledNode, { expression, inputs }: Form): CompiledNode {
  const attributes = { ...node.attributes, expression, shape: node.inputs[0]!.shape };
  return { op: 'reducedElementwise', inputs, attributes, shape: node.shape, dtype: node.dtype };
}

/** Elements and operators up to which it is better to compute something again than to start a dispatch for it. */
const FEW_ELEMENTS = 4096;
const FEW_OPERATORS = 16;

/** What costs no more to compute wherever it is read than to compute it apart. */
function isCheap({ expression }: Form, shape: Shape): boolean {
  const count = operatorsOf(expression);
  return count === 0 || (size(shape) <= FEW_ELEMENTS && count <= FEW_OPERATORS);
}

function operatorsOf(expression: Expression): number {
  if (expression.kind === 'unary') return 1 + operatorsOf(expression.of);
  if (expression.kind === 'binary') return 1 + operatorsOf(expression.a) + operatorsOf(expression.b);
  return 0;
}

/** `taken(i)`: the form of input i if it may be computed here. */
function formOf(node: CompiledNode, taken: (i: number) => Form | undefined): Form | undefined {
  if (node.dtype !== 'f32') return undefined;
  const operand = (i: number) => taken(i) ?? leaf(node.inputs[i]!);
  switch (node.op) {
    case 'unary': {
      const { kind: op, value } = node.attributes as { kind: UnaryKind; value: number };
      const { expression: of, inputs } = operand(0);
      return { expression: { kind: 'unary', op, value, of }, inputs };
    }
    case 'binary':
      return binary((node.attributes as { kind: BinaryKind }).kind, node.inputs, operand);
    case 'normalize':
      return normalized(node, operand(0));
    case 'reshape': {
      const form = taken(0);
      return form && viewed(form, (view) => reshapedView(view, node.inputs[0]!.shape, node.shape));
    }
    default: {
      const mapping = mappingOf(node);
      return mapping && viewed(operand(0), (view) => through(mapping, view));
    }
  }
}

function leaf(node: CompiledNode): Form {
  if (node.op === 'fill') {
    const { value } = node.attributes as AttributesOf['fill'];
    return { expression: { kind: 'number', value }, inputs: [] };
  }
  return { expression: { kind: 'input', input: 0, view: denseView(node.shape) }, inputs: [node] };
}

/** Both sides in one expression, unless they read too much together: then the one that reads more is left as it is. */
function binary(op: BinaryKind, nodes: readonly CompiledNode[], operand: (i: number) => Form): Form {
  const join = (a: Form, b: Form): Form => {
    const inputs = distinct([...a.inputs, ...b.inputs]);
    const expression: Expression = {
      kind: 'binary',
      op,
      a: renumbered(a, inputs),
      b: nodes[0] === nodes[1] ? renumbered(a, inputs) : renumbered(b, inputs),
    };
    return { expression, inputs };
  };
  const [a, b] = [operand(0), operand(1)];
  const both = join(a, b);
  if (both.inputs.length <= MOST_INPUTS) return both;
  return a.inputs.length >= b.inputs.length ? join(leaf(nodes[0]!), b) : join(a, leaf(nodes[1]!));
}

/** (x − mean)·(scale / √(variance + ε)) + shift, by channel: a ReLU or a sum that follows is in one dispatch with it. */
function normalized(node: CompiledNode, x: Form): Form | undefined {
  const [, moments, scale, shift] = node.inputs as [CompiledNode, CompiledNode, CompiledNode, CompiledNode];
  const inputs = distinct([...x.inputs, moments, scale, shift]);
  if (inputs.length > MOST_INPUTS) return undefined;
  const channels = node.shape.at(-1)!;
  const byChannel = (of: CompiledNode, offset = 0): Expression => ({
    kind: 'input',
    input: inputs.findIndex((other) => memoryOf(other) === memoryOf(of)),
    view: { offset, strides: node.shape.map((_, d) => (d === node.shape.length - 1 ? 1 : 0)) },
  });
  const { epsilon } = node.attributes as AttributesOf['normalize'];
  const variance: Expression = {
    kind: 'unary',
    op: 'shift',
    value: epsilon,
    of: byChannel(moments, channels),
  };
  const deviation: Expression = { kind: 'unary', op: 'sqrt', value: 0, of: variance };
  const expression = [
    ['subtract', byChannel(moments)],
    ['multiply', { kind: 'binary', op: 'divide', a: byChannel(scale), b: deviation }],
    ['add', byChannel(shift)],
  ].reduce<Expression>(
    (a, [op, b]) => ({ kind: 'binary', op: op as BinaryKind, a, b: b as Expression }),
    renumbered(x, inputs),
  );
  return { expression, inputs };
}

function distinct(nodes: readonly CompiledNode[]): CompiledNode[] {
  const byMemory = new Map(nodes.map((node) => [memoryOf(node), node]));
  return [...byMemory.values()];
}

function renumbered({ expression, inputs }: Form, all: readonly CompiledNode[]): Expression {
  const place = inputs.map((input) => all.findIndex((other) => memoryOf(other) === memoryOf(input)));
  return mapped(expression, (input) => ({ ...input, input: place[input.input]! }))!;
}

type Input = Extract<Expression, { kind: 'input' }>;

function viewed(form: Form, view: (view: Input['view']) => Input['view'] | undefined): Form | undefined {
  const expression = mapped(form.expression, (input) => {
    const seen = view(input.view);
    return seen && { ...input, view: seen };
  });
  return expression && { expression, inputs: form.inputs };
}

/** The expression with its inputs changed; what occurs twice stays one. Undefined if one can't be changed. */
function mapped(whole: Expression, change: (input: Input) => Input | undefined): Expression | undefined {
  const known = new Map<Expression, Expression | undefined>();
  const visit = (expression: Expression): Expression | undefined => {
    if (!known.has(expression)) known.set(expression, changed(expression));
    return known.get(expression);
  };
  const changed = (expression: Expression): Expression | undefined => {
    switch (expression.kind) {
      case 'input':
        return change(expression);
      case 'number':
        return expression;
      case 'unary': {
        const of = visit(expression.of);
        return of && { ...expression, of };
      }
      case 'binary': {
        const [a, b] = [visit(expression.a), visit(expression.b)];
        return a && b && { ...expression, a, b };
      }
    }
  };
  return visit(whole);
}

/** How an operator that only views its input does so; undefined for all others. */
function mappingOf(node: CompiledNode): Mapping | undefined {
  const x = node.inputs[0]?.shape ?? [];
  const origin = x.map(() => 0);
  const straight = x.map((_, dimension) => ({ dimension, step: 1 as const }));
  switch (node.op) {
    case 'broadcast':
      return { start: origin, walks: repeats(x, node.shape) };
    case 'slice':
      return { start: (node.attributes as AttributesOf['slice']).start, walks: straight };
    case 'transpose': {
      const { order } = node.attributes as AttributesOf['transpose'];
      return { start: origin, walks: order.map((dimension) => ({ dimension, step: 1 as const })) };
    }
    case 'flip': {
      const { axis } = node.attributes as AttributesOf['flip'];
      const start = x.map((n, d) => (d === axis ? n - 1 : 0));
      const walks = straight.map((walk, d) => (d === axis ? { ...walk, step: -1 as const } : walk));
      return { start, walks };
    }
    default:
      return undefined;
  }
}

function repeats(x: Shape, shape: Shape): Mapping['walks'] {
  const front = shape.length - x.length;
  return shape.map((n, d) => {
    const dimension = d - front;
    return dimension < 0 || (x[dimension] === 1 && n !== 1) ? undefined : { dimension, step: 1 as const };
  });
}
