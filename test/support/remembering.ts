import { custom, type Objective } from 'wasm-distill';
import { ops } from 'wasm-distill/graph';

export interface RememberingOptions {
  classes: number;
  /** Of the memory: its share in what it becomes. */
  momentum?: number;
  /** What the memory begins with, of each sample and class. */
  initial?: Float32Array;
}

/** How far a sample's logits are from those of its own earlier epochs, of which a memory keeps a moving mean. */
export function remembering({ classes, momentum = 0.5, initial }: RememberingOptions): Objective {
  return custom({
    name: 'remembering',
    parameters: { momentum },
    memory: (_, samples) => ({ own: { shape: [samples, classes], ...(initial && { initial }) } }),
    loss: ({ student: { logits }, samples, memory, remember }) => {
      const before = ops.take(memory.own!, samples);
      remember('own', ops.add(ops.scale(before, momentum), ops.scale(logits, 1 - momentum)), samples);
      return ops.sum(ops.square(ops.subtract(logits, before)), 1);
    },
  });
}
