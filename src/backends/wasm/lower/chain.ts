import type { CompiledNode } from '../../../compiler/node.js';
import { size } from '../../../graph/shape.js';
import type { ChainStep } from '../fusions/nodes.js';
import { BinaryKind, ChainKind, ChainSlot, UnaryKind } from '../layout.js';
import type { Lowering } from './lowering.js';
import { elementTiles } from './tiles.js';

export const chain: Lowering<'chain'> = (node) => {
  const { operands, period, steps } = node.attributes;
  const n = size(node.shape);
  const block = tileOf(period);
  const bits = (wanted: string) =>
    operands.reduce((mask, kind, i) => mask | (Number(kind === wanted) << i), 0);
  const streams = operands.flatMap((kind, i) => (kind === 'stream' ? [`x${i}`] : []));
  const { words, slots } = coded(steps, operands.length);
  return {
    opcode: 'chain',
    tiles: elementTiles(n),
    fields: {
      ...{ n, period, block, steps: steps.length, streams: bits('stream'), scalars: bits('scalar') },
      code: table(chainText(steps, operands.length), words),
      y: node,
      ...Object.fromEntries(node.inputs.map((input, i) => [`x${i}`, input])),
    },
    writes: ['y'],
    local: [...streams, 'y'],
    scratch: ChainSlot.count * 4 + slots * (block * 4 + 80),
  };
};

/** Floats of a tile and most of one, so that a chain's tiles fit the L1 cache together. */
const TILE = 512;
const LONGEST = 1024;

/** Whole periods and vectors of some 512 floats, or less than a period that is longer than a tile may be. */
function tileOf(period: number): number {
  if (period === 0 || period > LONGEST) return TILE;
  const vectors = [1, 2, 4].map((times) => times * period).find((floats) => floats % 4 === 0)!;
  const whole = vectors <= LONGEST ? vectors : period;
  return whole * Math.max(1, Math.floor(TILE / whole));
}

/** The steps as words, and how many slots have a buffer: a temporary's is used again when its last reader is done. */
function coded(steps: readonly ChainStep[], operands: number): { words: number[]; slots: number } {
  const last = new Map(steps.flatMap(({ from }, j) => from.map((value) => [value, j] as const)));
  const slots: number[] = Array.from({ length: operands }, (_, i) => i);
  const free: number[] = [];
  let next: number = ChainSlot.temporaries;
  const words = steps.flatMap(({ kind, value, from }, j) => {
    const read = from.map((v) => slots[v]!);
    // A step may write where it reads: element by element.
    for (const v of new Set(from)) if (v >= operands && last.get(v) === j) free.push(slots[v]!);
    const to = j === steps.length - 1 ? ChainSlot.result : (free.pop() ?? next++);
    slots.push(to);
    const [a = 0, b = 0, c = 0] = read;
    return [codeOf(kind) | (to << 6) | (a << 11) | (b << 16) | (c << 21), bitsOf(value)];
  });
  return { words, slots: next };
}

function codeOf(kind: ChainStep['kind']): number {
  if (kind === 'multiplyAdd' || kind === 'multiplyAddRelu') return ChainKind[kind];
  return kind in BinaryKind
    ? ChainKind.binary + BinaryKind[kind as keyof typeof BinaryKind]
    : UnaryKind[kind as keyof typeof UnaryKind];
}

function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}

function table(name: string, values: readonly number[]): CompiledNode {
  return { op: 'constant', inputs: [], attributes: { values }, shape: [values.length], dtype: 'i32', name };
}

/** `(t0 = multiplyAdd(x0, x1, x2); y = relu(t0))`: the name of the code in a plan's text. */
function chainText(steps: readonly ChainStep[], operands: number): string {
  const nameOf = (value: number) => (value < operands ? `x${value}` : `t${value - operands}`);
  const lines = steps.map(({ kind, value, from }, j) => {
    const constant = kind === 'scale' || kind === 'shift' || kind === 'leakyRelu' ? [value] : [];
    const name = j === steps.length - 1 ? 'y' : `t${j}`;
    return `${name} = ${kind}(${[...from.map(nameOf), ...constant].join(', ')})`;
  });
  return `(${lines.join('; ')})`;
}
