import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import { type PlacedLayer, placedLayers } from '../nn/placed-layers.js';
import type { Architecture } from '../nn/specs.js';
import { isActivation, tapOf } from '../nn/tap-shape.js';
import { checkedPairs, type LayerPair } from './maps.js';

/** A layer whose output can be compared, by its name or place. */
interface Candidate {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * Pairs the last activation of each resolution of the student with one of the teacher's, from the end: one of the same
 * height and width, else the next that is a whole number of times as large or as small.
 * @throws DistillError 'mismatch' with the layers of both where no pair fits.
 */
export function tapsByResolution(student: Architecture, teacher: Architecture): LayerPair[] {
  const own = lastOfResolutions(student).reverse();
  let theirs = lastOfResolutions(teacher).reverse();
  demand(
    own.length > 0 && theirs.length > 0,
    () =>
      `maps of student and teacher are compared, but one of them has none: the student's layers are ${listed(student)}, the teacher's ${listed(teacher)}; choose networks with convolutions`,
    'mismatch',
  );
  const pairs: LayerPair[] = [];
  for (const one of own) {
    const found =
      theirs.find((other) => sidesOf(other).every((side, i) => side === sidesOf(one)[i])) ??
      theirs.find((other) => isWhole(sidesOf(one), sidesOf(other)));
    if (!found) continue;
    pairs.push({ student: one.name, teacher: found.name });
    theirs = theirs.slice(theirs.indexOf(found) + 1);
  }
  demand(
    pairs.length > 0,
    () =>
      `no map of the student has the size of one of the teacher's, or a whole number of times it: name layers, of the student ${listed(student)}, of the teacher ${listed(teacher)}`,
    'mismatch',
  );
  return pairs.reverse();
}

/**
 * The middle one of each network's hidden activations (Romero et al., FitNets, ICLR 2015, section 3), or its last map where
 * both networks have maps and that is none. @throws DistillError 'mismatch' where a network has no hidden layer.
 */
export function middleTap(student: Architecture, teacher: Architecture): LayerPair {
  const [own, theirs] = [activationsOf(student), activationsOf(teacher)];
  const maps = own.some(isMap) && theirs.some(isMap);
  return { student: middleOf(own, maps, 'student').name, teacher: middleOf(theirs, maps, 'teacher').name };
}

/** The student's last activation of each resolution but the deepest, or of a network of rows each hidden one but the last. */
export function stageTaps(student: Architecture): string[] {
  const maps = lastOfResolutions(student);
  const stages = maps.length > 1 ? maps : activationsOf(student);
  demand(
    stages.length > 1,
    () =>
      `a student that teaches itself needs two hidden stages, but it has ${stages.length}: its layers are ${listed(student)}`,
    'mismatch',
  );
  return stages.slice(0, -1).map(({ name }) => name);
}

/** Refuses pairs of layers that there aren't, with those that there are, and one twice. @throws DistillError 'bad-argument' */
export function checkTaps(pairs: readonly LayerPair[], student: Architecture, teacher: Architecture): void {
  for (const pair of checkedPairs(pairs, 'the list', 1)) {
    tapOf(student, pair.student, 'the student');
    tapOf(teacher, pair.teacher, 'the teacher');
  }
}

function middleOf(all: readonly Candidate[], maps: boolean, whose: string): Candidate {
  const middle = all[Math.ceil(all.length / 2) - 1];
  demand(middle !== undefined, () => `the ${whose} has no hidden layer that could be its middle`, 'mismatch');
  return maps && !isMap(middle) ? all.filter(isMap).at(-1)! : middle;
}

function isMap({ shape }: Candidate): boolean {
  return shape.length === 3;
}

/** Outputs of activations, and of composites, before the classes. */
function activationsOf(architecture: Architecture): Candidate[] {
  return placedLayers(architecture)
    .slice(0, -1)
    .filter(isOutput)
    .map(({ path, output }) => ({ name: path, shape: output }));
}

function isOutput(layer: PlacedLayer): boolean {
  return layer.kind === 'sum' || layer.kind === 'concat' || isActivation(layer);
}

function lastOfResolutions(architecture: Architecture): Candidate[] {
  const maps = activationsOf(architecture).filter(isMap);
  return maps.filter((one, i) => {
    const next = maps[i + 1];
    return next === undefined || sidesOf(next).some((side, axis) => side !== sidesOf(one)[axis]);
  });
}

function sidesOf({ shape }: Candidate): readonly [number, number] {
  return [shape[0]!, shape[1]!];
}

function isWhole(a: readonly [number, number], b: readonly [number, number]): boolean {
  const whole = (many: readonly number[], few: readonly number[]) =>
    many.every((side, i) => side % few[i]! === 0);
  return whole(a, b) || whole(b, a);
}

/** "2 (12 × 12 × 4), 5 (8 × 8 × 12)" */
function listed(architecture: Architecture): string {
  const all = activationsOf(architecture).map(({ name, shape }) => `${name} (${shape.join(' × ')})`);
  return all.join(', ') || 'none';
}
