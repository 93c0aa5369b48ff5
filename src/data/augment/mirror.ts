import { shown } from '../../checks.js';
import { demand } from '../../errors.js';
import type { Samples } from '../dataset.js';
import type { AugmentationKind } from './kind.js';

/** Each image is seen as it is or with left and right swapped, with equal probability. */
export interface Mirror {
  readonly mirror: true;
}

export const mirror: AugmentationKind<Mirror> = {
  check: ({ mirror: value }) =>
    demand(value === true, () => `mirror is true or left out, not ${shown(value)}`),
  views: () => 2,
  draw: (_, index) => ({ mirror: { kind: 'augmentation', index } }),
  apply: (_, images, view) => (view === 0 ? images : mirrored(images)),
};

function mirrored({ shape, values }: Samples): Samples {
  const [, width, channels] = shape as [number, number, number];
  const result = new Uint8Array(values.length);
  for (let pixel = 0; pixel * channels < values.length; pixel++) {
    const column = pixel % width;
    const from = (pixel - column + width - 1 - column) * channels;
    for (let c = 0; c < channels; c++) result[pixel * channels + c] = values[from + c]!;
  }
  return { shape, values: result };
}
