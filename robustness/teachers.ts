import type { Augmentation } from 'wasm-distill';
import type { DataName } from './data-sets.ts';

/** A network that was trained on all training samples of its data set. */
export interface TeacherSpec {
  data: DataName;
  /** In shorthand, without its class layer. */
  network: string;
  epochs: number;
  augment: readonly Augmentation[];
}

const gray = 'conv16k5v pool conv32k5v pool dense128';
const small = 'conv16 conv16 pool conv32 pool dense64';

/** One a data set, and smaller ones for --quick. Each is better than the students on labels. */
export const teachers = {
  'mnist-conv': { data: 'mnist', network: gray, epochs: 3, augment: [{ shift: 2 }] },
  'fashion-conv': { data: 'fashion', network: gray, epochs: 5, augment: [{ mirror: true }] },
  'digits-conv': { data: 'digits', network: small, epochs: 60, augment: [{ shift: 1 }] },
  'cifar10-conv': {
    data: 'cifar10',
    network: 'conv16 pool conv32 pool conv64 pool dense128',
    epochs: 4,
    augment: [{ mirror: true }],
  },
  'letters-200': { data: 'letters', network: 'dense200 dense200', epochs: 40, augment: [] },
  'tumors-60': { data: 'tumors', network: 'nobn dense60 dense60', epochs: 60, augment: [] },
  'mnist-quick': { data: 'mnist', network: 'conv8k5s2v conv16k5v pool dense32', epochs: 1, augment: [] },
  'digits-quick': { data: 'digits', network: small, epochs: 20, augment: [{ shift: 1 }] },
} satisfies Record<string, TeacherSpec>;

export type TeacherName = keyof typeof teachers;
