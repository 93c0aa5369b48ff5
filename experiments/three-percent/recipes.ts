import type { Augmentation, Recipe } from 'wasm-distill';
import type { DataName } from '../data-sets.ts';
import type { Training } from '../model.ts';

/** Three of them: the data sets whose students see few images. */
export type Few = Extract<DataName, 'mnist' | 'fashion-mnist' | 'cifar-10'>;

/** At what size and how often the experiments train. */
export interface Scale {
  /** Only the first training images (default: all). */
  limit?: number;
  /** Of these, the share that students see. */
  share: number;
  seeds: number;
  /** Without their last layer; `one` and `two` name the maps that are compared. */
  student: string;
  training: Training;
  /** Of students without batch norm, where it differs. */
  plain: Partial<Record<Few, Recipe>>;
  teachers: Record<Few, { network: string; training: Training }>;
}

const STUDENT = 'conv4k5s2v@one conv12k5v@two pool';
const GRAY = 'conv16k5v pool@one conv32k5v@two pool dense128';
const COLOR = 'conv16k5v pool@one conv48k5v@two pool conv64 dense128';

const JITTERED: readonly Augmentation[] = [{ shift: 2 }];
const MIRRORED: readonly Augmentation[] = [{ mirror: true }, { shift: 1 }];
const COLORED: readonly Augmentation[] = [{ mirror: true }, { shift: 2 }];

/** Without batch norm most students of CIFAR-10 die at the default rates, on labels too: tuning.md. */
const PLAIN = { 'cifar-10': { rate: 0.02, clip: 1 } } as const;

/** 3,262 parameters, 1,800 images (of CIFAR-10 1,500), 1,080 steps. */
export const FULL: Scale = {
  share: 0.03,
  seeds: 3,
  student: STUDENT,
  training: { epochs: 60 },
  plain: PLAIN,
  teachers: {
    mnist: { network: GRAY, training: { epochs: 10, augment: JITTERED } },
    'fashion-mnist': { network: GRAY, training: { epochs: 10, augment: MIRRORED } },
    'cifar-10': { network: COLOR, training: { epochs: 10, augment: COLORED } },
  },
};

const SMALL = 'conv8k5s2v@one conv16k5v@two pool dense32';

/** A sixth of the images, of which as many are seen; smaller teachers, a third of the steps, one seed. */
export const QUICK: Scale = {
  limit: 10_000,
  share: 0.18,
  seeds: 1,
  student: STUDENT,
  training: { epochs: 20 },
  plain: PLAIN,
  teachers: {
    mnist: { network: SMALL, training: { epochs: 8, augment: JITTERED } },
    'fashion-mnist': { network: SMALL, training: { epochs: 8, augment: MIRRORED } },
    'cifar-10': { network: SMALL, training: { epochs: 8, augment: COLORED } },
  },
};
