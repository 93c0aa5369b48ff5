import type { Model } from './model.ts';

const JITTERED = [{ shift: 2 }] as const;

/** Better teachers of MNIST's multilayer perceptrons than their own kind: experiments that have them share them. */
export const CONVOLUTIONAL: Model = {
  title: 'convolutional teacher',
  network: 'conv16k5v pool conv32k5v pool dense128 dense10',
  training: { epochs: 10, augment: JITTERED },
};

/** For fewer images. */
export const CONVOLUTIONAL_QUICK: Model = {
  ...CONVOLUTIONAL,
  network: 'conv8k5s2v conv16k5v pool dense32 dense10',
  training: { epochs: 5, augment: JITTERED },
};
