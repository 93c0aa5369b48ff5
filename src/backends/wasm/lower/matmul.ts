import type { CompiledNode } from '../../../compiler/node.js';
import type { FusedAttributesOf } from '../fusions/nodes.js';
import type { Instruction } from '../instruction.js';
import { Limit } from '../layout.js';
import type { Lowering } from './lowering.js';

export const matmul: Lowering<'matmul'> = (node) =>
  product(node, { ...node.attributes, bias: false, relu: false, mask: false });

export const fusedMatmul: Lowering<'fusedMatmul'> = (node) => product(node, node.attributes);

function product(node: CompiledNode, attributes: FusedAttributesOf['fusedMatmul']): Instruction {
  const [m, n] = node.shape as [number, number];
  return productOf(node, { m, n, k: node.inputs[0]!.shape[attributes.transposeA ? 0 : 1]! }, attributes);
}

/** A thread has a sample's whole product: its instruction, copied to the scratch, is one of matmul over all columns. */
export const batchedMatmul: Lowering<'batchedMatmul'> = (node) => {
  const [batch, m, n] = node.shape as [number, number, number];
  const k = node.inputs[0]!.shape[node.attributes.transposeA ? 1 : 2]!;
  const one = productOf(node, { m, n, k }, { ...node.attributes, bias: false, relu: false, mask: false });
  return {
    ...one,
    opcode: 'batchedMatmul',
    tiles: batch,
    fields: { ...one.fields, byRows: 0 },
    local: ['a', 'b', 'c'],
    scratch: Limit.copiedInstruction + one.scratch!,
  };
};

/** A node's inputs [a, b, bias?, mask?] as matrices of these sizes, whatever their shapes. */
export function productOf(
  node: CompiledNode,
  { m, n, k }: { m: number; n: number; k: number },
  { transposeA, transposeB, bias, relu, mask }: FusedAttributesOf['fusedMatmul'],
): Instruction {
  const [a, b] = node.inputs;
  const columns = Math.ceil(n / Limit.panelColumns);
  const rows = Math.ceil(m / Limit.panelRows);
  // Columns divide best (each thread packs its own panels of B and no other), unless there are few of them or the
  // product is tall and shallow, like a weight gradient: then rows of C stay apart in memory.
  const byRows = (columns < 8 && m > 1) || (transposeA && rows > columns);
  return {
    opcode: 'matmul',
    tiles: byRows ? rows : columns,
    fields: {
      ...{ m, n, k, a, b, c: node },
      bias: bias ? node.inputs[2] : undefined,
      mask: mask ? node.inputs.at(-1) : undefined,
      transposeA: Number(transposeA),
      transposeB: Number(transposeB),
      relu: Number(relu),
      byRows: Number(byRows),
    },
    writes: ['c'],
    scratch:
      (Limit.depth + Limit.panelUses) * Limit.panelColumns * 4 + (n > Limit.packingPays ? packedA(m, k) : 0),
  };
}

/** Bytes of packed rows of A: whole tiles of either build, and what the last vector writes past them. */
function packedA(m: number, k: number): number {
  const depth = Math.min(k, Limit.depth);
  const floats = Math.min(Math.min(m, Limit.panelUses) * depth, Limit.packed);
  return (floats + Limit.fusedRows * depth) * 4 + 16;
}
