import { parseShorthand } from 'wasm-distill';
import { network, variable } from 'wasm-distill/graph';
import type { Settings } from './settings.ts';

/** Smaller maps tell hardly where in an image something is. */
const LEAST_SIDE = 8;

export interface LayerPair {
  student: string;
  teacher: string;
}

/** The last layers of teacher and student whose maps are of one size, the largest first: none of perceptrons. */
export function layerPairs({ teacher, student }: Pick<Settings, 'teacher' | 'student'>): LayerPair[] {
  const [theirs, own] = [mapsOf(teacher), mapsOf(student)];
  return [...own].flatMap(([side, layer]) => {
    const other = theirs.get(side);
    return other === undefined ? [] : [{ student: layer, teacher: other }];
  });
}

/** The last layer of each size of maps, by their side. */
function mapsOf(text: string): Map<number, string> {
  const { architecture } = parseShorthand(text, { input: { shape: [28, 28, 1] }, classes: 10 });
  const activations = network(architecture).forward(variable('x', [1, 28, 28, 1]), 'infer');
  const found = new Map<number, string>();
  for (const place of architecture.layers.keys()) {
    const { shape } = activations.at(String(place));
    if (shape.length === 4 && shape[1]! >= LEAST_SIDE) found.set(shape[1]!, String(place));
  }
  return found;
}
