import { type Engine, makeDataset, type TrainedModel } from 'wasm-distill';
import { attentionOf } from 'wasm-distill/objectives';

export interface DigitMaps {
  side: number;
  /** One for each digit, side × side: 0 for nothing, 255 for the most in it. */
  maps: Uint8Array[];
}

/** Where a layer of a network looks in digits of 28 × 28 bytes. */
export async function mapsOfDigits(
  engine: Engine,
  model: TrainedModel,
  digits: readonly Uint8Array[],
  layer: string,
): Promise<DigitMaps> {
  const values = new Uint8Array(digits.length * 784);
  for (const [i, digit] of digits.entries()) values.set(digit, i * 784);
  const labels = digits.map(() => -1);
  const data = makeDataset({ inputs: { shape: [28, 28, 1], values }, labels, classes: 10 });
  const found = await attentionOf(engine, model, data, layer);
  const [side] = found.shape as [number, number];
  const maps = digits.map((_, i) => {
    const own = found.values.subarray(i * side * side, (i + 1) * side * side);
    const most = Math.max(...own) || 1;
    return Uint8Array.from(own, (value) => Math.round((255 * value) / most));
  });
  return { side, maps };
}
