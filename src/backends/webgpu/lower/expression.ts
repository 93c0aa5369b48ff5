import type { CompiledNode } from '../../../compiler/node.js';
import type { BinaryKind, UnaryKind } from '../../../graph/names.js';
import { type Shape, size, strides } from '../../../graph/shape.js';
import type { View } from '../../../ops/view.js';
import type { Expression } from '../fusions/nodes.js';
import { isDense } from '../fusions/views.js';
import { float } from '../kernel.js';

const unaries: Record<UnaryKind, (x: string, value: string) => string> = {
  scale: (x, v) => `${x} * ${v}`,
  shift: (x, v) => `${x} + ${v}`,
  relu: (x) => `select(${x}, 0.0f, ${x} < 0.0f)`,
  leakyRelu: (x, v) => `select(${x}, ${x} * ${v}, ${x} < 0.0f)`,
  sigmoid: (x) => `logistic(${x})`,
  tanh: (x) => `hyperbolic_tangent(${x})`,
  exp: (x) => `exponential(${x})`,
  log: (x) => `logarithm(${x})`,
  sqrt: (x) => `sqrt(${x})`,
  abs: (x) => `abs(${x})`,
  sign: (x) => `sign(${x})`,
};

const binaries: Record<BinaryKind, (a: string, b: string) => string> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  mask: (a, b) => `select(0.0f, ${a}, ${b} > 0.0f)`,
};

/** The name of input i of an expression in its kernel. */
const inputName = (i: number) => `x${i}`;

/** What an expression's kernel reads. */
export function inputsByName(inputs: readonly CompiledNode[]): Record<string, CompiledNode> {
  return Object.fromEntries(inputs.map((input, i) => [inputName(i), input]));
}

/** WGSL statements that compute the element at `index`, and the name of the result. */
export function statements(whole: Expression, shape: Shape, index: string): { text: string; result: string } {
  const lines: string[] = [];
  const names = new Map<Expression, string>();
  const coordinate = coordinates(shape, index, lines);
  const visit = (expression: Expression): string => {
    const known = names.get(expression);
    if (known !== undefined) return known;
    const value = valueText(expression);
    const name = `t${names.size}`;
    names.set(expression, name);
    lines.push(`let ${name} = ${value};`);
    return name;
  };
  const valueText = (expression: Expression): string => {
    switch (expression.kind) {
      case 'number':
        return float(expression.value);
      case 'input':
        return `${inputName(expression.input)}[${placeOf(expression.view, shape, index, coordinate)}]`;
      case 'unary':
        return unaries[expression.op](visit(expression.of), float(expression.value));
      case 'binary': {
        const [a, b] = [visit(expression.a), visit(expression.b)];
        return binaries[expression.op](a, b);
      }
    }
  };
  const result = visit(whole);
  return { text: lines.map((each) => `  ${each}`).join('\n'), result };
}

/** Writes, when it is first asked for, the coordinate of an element along a dimension. */
function coordinates(shape: Shape, index: string, lines: string[]): (dimension: number) => string {
  const names = new Map<number, string>();
  const apart = strides(shape);
  return (dimension) => {
    const known = names.get(dimension);
    if (known) return known;
    const name = `c${dimension}`;
    names.set(dimension, name);
    const above = apart[dimension] === 1 ? index : `${index} / ${apart[dimension]}u`;
    const first = apart[dimension]! * shape[dimension]! === size(shape);
    lines.push(`let ${name} = ${first ? above : `(${above}) % ${shape[dimension]}u`};`);
    return name;
  };
}

/** Strides may be negative: unsigned numbers wrap around, and the whole is an element's place again. */
function placeOf(view: View, shape: Shape, index: string, coordinate: (dimension: number) => string): string {
  if (isDense(view, shape)) return index;
  const terms = view.strides.flatMap((stride, d) =>
    stride === 0 || shape[d] === 1
      ? []
      : [stride === 1 ? coordinate(d) : `${coordinate(d)} * ${stride >>> 0}u`],
  );
  const offset = view.offset ?? 0;
  if (offset !== 0 || terms.length === 0) terms.push(`${offset}u`);
  return terms.join(' + ');
}
