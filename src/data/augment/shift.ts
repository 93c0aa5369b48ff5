import { checkPixels } from '../../ops/gather-images.js';
import type { Samples } from '../dataset.js';
import type { AugmentationKind } from './kind.js';

/** Each image moves by up to this many pixels each way, padded with zeros. */
export interface Shift {
  readonly shift: number;
}

export const shift: AugmentationKind<Shift> = {
  check: ({ shift: pixels }) => checkPixels(pixels),
  views: ({ shift: pixels }) => (2 * pixels + 1) * (2 * pixels + 1),
  draw: ({ shift: pixels }, index) =>
    pixels === 0 ? {} : { shift: { pixels, stream: { kind: 'augmentation', index } } },
  apply: ({ shift: pixels }, images, view) => {
    const side = 2 * pixels + 1;
    return shifted(images, Math.floor(view / side) - pixels, (view % side) - pixels);
  },
};

/** Every image moved this many pixels down and to the right (negative: up, to the left), as new bytes. */
function shifted({ shape, values }: Samples, down: number, right: number): Samples {
  const [height, width, channels] = shape as [number, number, number];
  const moved = new Uint8Array(values.length);
  const columns = (width - Math.abs(right)) * channels;
  if (columns <= 0) return { shape, values: moved };
  const rows = values.length / (width * channels);
  for (let first = 0; first < rows; first += height) {
    for (let row = Math.max(0, down); row < height + Math.min(0, down); row++) {
      const to = ((first + row) * width + Math.max(0, right)) * channels;
      const from = ((first + row - down) * width + Math.max(0, -right)) * channels;
      moved.set(values.subarray(from, from + columns), to);
    }
  }
  return { shape, values: moved };
}
