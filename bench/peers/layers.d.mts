import type { Architecture } from 'wasm-distill';

export const architectures: Record<string, Architecture>;
/** A network's parameters, and the multiply-adds of each layer with weights for one sample. */
export function describe(architecture: Architecture): {
  parameters: { name: string; shape: number[]; role: string; fanIn: number }[];
  products: number[];
  classes: number;
};
