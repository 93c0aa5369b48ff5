import type { ViewOptions } from '../../ops/gather-images.js';
import type { Samples } from '../dataset.js';

/** How one kind of augmentation is checked, counted, drawn in a step and applied to kept images. */
export interface AugmentationKind<A> {
  /** @throws DistillError 'bad-argument' */
  check(augmentation: A): void;
  /** In how many ways an image can be seen. */
  views(augmentation: A): number;
  /** What takeImages draws, from the stream of this index. */
  draw(augmentation: A, index: number): ViewOptions;
  /** All images in way `view` of 0 … views − 1, as draw numbers them. */
  apply(augmentation: A, images: Samples, view: number): Samples;
}
