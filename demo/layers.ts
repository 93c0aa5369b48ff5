import { network, variable } from 'wasm-distill/graph';
import { networkOf } from './network.ts';
import type { Settings } from './settings.ts';

/** Smaller maps tell hardly where in an image something is. */
const LEAST_SIDE = 8;

export interface LayerPair {
  student: string;
  teacher: string;
}

type Networks = Pick<Settings, 'teacher' | 'student'>;

/** The last layers of teacher and student whose maps are of one size, the largest first: none of perceptrons. */
export function layerPairs({ teacher, student }: Networks): LayerPair[] {
  const [theirs, own] = [mapsOf(teacher), mapsOf(student)];
  return [...own].flatMap(([side, layer]) => {
    const other = theirs.get(side);
    return other === undefined ? [] : [{ student: layer, teacher: other }];
  });
}

/**
 * FitNets' hint, a layer of the teacher, and the layer of the student that it guides: the deepest of one size, whose maps can
 * be compared. Trained with the default settings, the student made 204 errors so, and 226 with the middle layers that the
 * paper takes (454 on labels).
 */
export function hintPair(networks: Networks): LayerPair {
  return layerPairs(networks).at(-1)!;
}

/** The layers whose maps are drawn beside each other: those of the hint, else the largest. None of perceptrons. */
export function layersToSee(
  settings: Pick<Settings, 'teacher' | 'student' | 'teaching'>,
): LayerPair | undefined {
  return layerPairs(settings).at(settings.teaching === 'fitnets' ? -1 : 0);
}

/** The last layer of each size of maps, by their side. */
function mapsOf(shorthand: string): Map<number, string> {
  const architecture = networkOf(shorthand);
  const activations = network(architecture).forward(variable('x', [1, 28, 28, 1]), 'infer');
  const found = new Map<number, string>();
  for (const place of architecture.layers.keys()) {
    const { shape } = activations.at(String(place));
    if (shape.length === 4 && shape[1]! >= LEAST_SIDE) found.set(shape[1]!, String(place));
  }
  return found;
}
