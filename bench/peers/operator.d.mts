import type { OperatorConfig } from './work.mjs';

type Unnamed = Omit<OperatorConfig, 'name'>;
/** By the ends of their names. */
export const convolutions: Record<string, Unnamed>;
export const depthwises: Record<string, Unnamed>;
export function outputShape(config: Unnamed): [number, number, number, number];
