import { demand } from '../../errors.js';
import type { TrainedModel } from '../../nn/model-file.js';
import type { SoftTargets } from '../../teachers/soft-targets.js';
import type { KeptMaps } from '../attention.js';
import type { SoftSource } from '../distillation.js';
import type { LayerPair } from '../maps.js';
import type { LogitsSource } from '../teacher-logits.js';

/** Numbers kept for each sample, [size, columns]. */
export interface KeptNumbers {
  readonly values: Float32Array;
  readonly columns: number;
  /** Of one sample, where it isn't [columns]: maps as [height, width, channels]. */
  readonly shape?: readonly number[] | undefined;
}

/** Whom objectives learn from: networks that run in the step, or what teachers of any kind were asked before. */
export interface Teaching {
  readonly networks?: readonly TrainedModel[] | undefined;
  /** Kept answers, each needed by some objectives only. */
  readonly soft?: SoftTargets | undefined;
  readonly logits?: KeptNumbers | undefined;
  readonly hidden?: KeptNumbers | undefined;
}

/** For objectives of soft targets. */
export function softBy({ networks, soft }: Teaching, name: string): SoftSource {
  if (soft) return { soft };
  return { teachers: needed(networks, name, 'teachers or soft targets') };
}

/** For objectives of logits: of several teachers the mean. */
export function logitsBy({ networks, logits }: Teaching, name: string): LogitsSource {
  if (logits) return { logits: logits.values, classes: logits.columns };
  return { teachers: needed(networks, name, 'teachers or their logits') };
}

/** For hints: kept ones are maps, or rows of whatever else. */
export function hintBy(
  { networks, hidden }: Teaching,
  name: string,
  hint: string | undefined,
): { teacher: TrainedModel; hint: string } | { features: Float32Array; shape: readonly number[] } {
  if (hidden && hint === undefined) {
    const { values, columns, shape } = hidden;
    return { features: values, shape: shape?.length === 3 ? shape : [columns] };
  }
  demand(
    !hidden,
    () =>
      `${name} learns from outputs that were kept, which are of the teacher's last hidden layer: leave out hint, or take a network as its teacher`,
  );
  demand(hint !== undefined, () => `${name} needs a hint, a layer of its teacher`);
  return { teacher: networkBy({ networks }, name), hint };
}

/** A pair of layers, the teacher's where it runs in the step: what was kept of one is of one layer. */
export type PairOrKept = { student: string; teacher?: string };

/** For attention: kept numbers are one map. */
export function mapsBy(
  { networks, hidden }: Teaching,
  name: string,
  layers: readonly PairOrKept[],
): { teacher: TrainedModel; layers: readonly LayerPair[] } | { kept: readonly KeptMaps[] } {
  // Which pairs lack their teacher's layer attention() says.
  if (!hidden) return { teacher: networkBy({ networks }, name), layers: layers as readonly LayerPair[] };
  demand(
    layers.length === 1 && layers[0]!.teacher === undefined,
    () =>
      `${name} learns from outputs that were kept, which are of one layer of its teacher: give one layer of the student, layers: [{ student }], or take a network as its teacher`,
  );
  const { values, columns, shape = [columns] } = hidden;
  demand(
    shape.length === 3,
    () =>
      `${name} looks at maps of images, but what was kept of its teacher are rows of ${columns}: keep a map, [height, width, channels], or take another objective`,
    'mismatch',
  );
  return { kept: [{ student: layers[0]!.student, features: values, shape: shape as KeptMaps['shape'] }] };
}

/** For relations: kept numbers are of no layer that could be chosen. */
export function embeddingsBy(
  { networks, hidden }: Teaching,
  name: string,
  teacherLayer: string | undefined,
): { teacher: TrainedModel; teacherLayer: string | undefined } | { features: Float32Array; units: number } {
  if (!hidden) return { teacher: networkBy({ networks }, name), teacherLayer };
  demand(
    teacherLayer === undefined,
    () =>
      `${name} learns from outputs that were kept, which are of the teacher's last hidden layer: leave out teacherLayer, or take a network as its teacher`,
  );
  return { features: hidden.values, units: hidden.columns };
}

/** For objectives that look into their teacher. */
export function networkBy({ networks }: Teaching, name: string): TrainedModel {
  const all = needed(networks, name, 'a network of this library as its teacher');
  demand(all.length === 1, () => `${name} learns from one teacher, but there are ${all.length}`);
  return all[0]!;
}

function needed(
  networks: readonly TrainedModel[] | undefined,
  name: string,
  what: string,
): readonly TrainedModel[] {
  demand(networks !== undefined && networks.length > 0, () => `${name} needs ${what}`, 'missing');
  return networks;
}
