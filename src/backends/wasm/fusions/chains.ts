import { type CompiledNode, memoryOf } from '../../../compiler/node.js';
import { type Rewrite, substitute } from '../../../compiler/rewrite.js';
import { topological } from '../../../graph/topology.js';
import { ChainBuilder, MOST_OPERANDS, MOST_STEPS } from './chain-builder.js';

/**
 * Elementwise operators in sequence become one instruction, which computes them tile by tile: what lies between stays in
 * the L1 cache, rows and numbers are repeated there instead of in memory. A chain takes every operator whose readers all
 * belong to it, so its result is the only one that anybody else sees.
 */
export const fuseChains: Rewrite = {
  name: 'chains of elementwise operators',
  apply: (roots) => {
    const chains = chainsAmong(roots);
    const replacements = new Map<CompiledNode, CompiledNode>();
    for (const [end, chain] of chains) {
      const node = new ChainBuilder(chain.members, recomputed(chain, chains)).node(end);
      if (node) replacements.set(end, node);
    }
    return substitute(roots, replacements);
  },
};

interface Chain {
  /** Operators, inputs before their users; the last one's result is the chain's. */
  members: CompiledNode[];
  /** What they read that isn't theirs. */
  readonly operands: Set<CompiledNode>;
}

/** All chains by their last operators, also those of a single one. Linear in the size of the graph. */
function chainsAmong(roots: readonly CompiledNode[]): Map<CompiledNode, Chain> {
  const nodes = topological(roots);
  const readers = readersAmong(nodes);
  const outside = new Set(roots);
  const chains = new Map<CompiledNode, Chain>();
  const chainOf = new Map<CompiledNode, Chain>();
  for (const node of nodes.reverse()) {
    if (!isElementwise(node) && node.op !== 'reshape') continue;
    const around = (readers.get(node) ?? []).map((reader) => chainOf.get(reader));
    const [shared] = around;
    const alone = !outside.has(node) && shared !== undefined && around.every((chain) => chain === shared);
    if (alone && (node.op === 'reshape' || join(shared, node))) chainOf.set(node, shared);
    else if (isElementwise(node)) {
      const chain: Chain = { members: [node], operands: new Set(node.inputs.map(memoryOf)) };
      chains.set(node, chain);
      chainOf.set(node, chain);
    }
  }
  for (const chain of chains.values()) chain.members.reverse();
  return chains;
}

/** Whether the chain has room for one of its operands; then that is computed in it. */
function join({ members, operands }: Chain, node: CompiledNode): boolean {
  const more = node.inputs.map(memoryOf).filter((input) => !operands.has(input));
  if (members.length === MOST_STEPS || operands.size - 1 + new Set(more).size > MOST_OPERANDS) return false;
  operands.delete(node);
  for (const input of more) operands.add(input);
  members.push(node);
  return true;
}

function readersAmong(nodes: readonly CompiledNode[]): Map<CompiledNode, CompiledNode[]> {
  const readers = new Map<CompiledNode, CompiledNode[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const known = readers.get(input);
      if (known) known.push(node);
      else readers.set(input, [node]);
    }
  }
  return readers;
}

function isElementwise({ op }: CompiledNode): boolean {
  return op === 'unary' || op === 'binary';
}

/** Operators that cost less than reading a tensor from memory. */
const CHEAP = new Set(['add', 'subtract', 'multiply', 'mask', 'relu', 'leakyRelu', 'scale', 'shift', 'abs']);
const CHEAP_STEPS = 4;

/**
 * Operators of other chains whose result this one computes again instead of reading it, as it reads everything that they
 * read anyway: the mask of a ReLU after a batch norm, which in the gradient is next to the batch norm's input.
 */
function recomputed(chain: Chain, chains: ReadonlyMap<CompiledNode, Chain>): CompiledNode[] {
  const result: CompiledNode[] = [];
  const operands = new Set(chain.operands);
  const kept = new Set<CompiledNode>();
  for (const operand of chain.operands) {
    const other = chains.get(operand);
    if (!other || kept.has(operand) || !isCheap(other)) continue;
    const streams = [...other.operands].filter((input) => !isRepeated(input));
    const together = new Set([...operands, ...other.operands]);
    together.delete(operand);
    const fits =
      chain.members.length + result.length + other.members.length <= MOST_STEPS &&
      together.size <= MOST_OPERANDS;
    if (streams.length === 0 || !fits || !streams.every((stream) => operands.has(stream))) continue;
    result.push(...other.members);
    operands.delete(operand);
    for (const input of other.operands) operands.add(input);
    for (const stream of streams) kept.add(stream);
  }
  return result;
}

function isCheap({ members }: Chain): boolean {
  return (
    members.length <= CHEAP_STEPS &&
    members.every(({ attributes: a }) => CHEAP.has((a as { kind: string }).kind))
  );
}

function isRepeated({ op }: CompiledNode): boolean {
  return op === 'broadcast' || op === 'fill';
}
