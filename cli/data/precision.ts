import type { Table } from 'wasm-distill/formats';
import { counted } from '../format/numbers.ts';

/** Greatest rounding error of a column that goes unsaid, as a share of its deviation. */
const MOST = 0.01;

/** Columns whose numbers are too long for f32, such as times in milliseconds: what tells rows apart is rounded off. */
export function precisionNote({ columns }: Table, inputs: readonly string[]): string[] {
  const rounded = columns.filter(({ name, values }) => inputs.includes(name) && losesDigits(values));
  if (rounded.length === 0) return [];
  const names = rounded.slice(0, 5).map(({ name }) => JSON.stringify(name));
  return [
    `${counted(rounded.length, 'column')} with numbers too long for f32, which are rounded: ${names.join(', ')}${rounded.length > 5 ? ' …' : ''}; subtract what all rows have in common, such as the first date`,
  ];
}

function losesDigits(values: Table['columns'][number]['values']): boolean {
  const numbers = Array.from(values, Number).filter(Number.isFinite);
  if (numbers.every((v) => v === numbers[0])) return false;
  const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
  const variance = numbers.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / numbers.length;
  const worst = numbers.reduce((most, v) => Math.max(most, Math.abs(v - Math.fround(v))), 0);
  return worst > MOST * Math.sqrt(variance);
}
