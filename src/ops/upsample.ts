import type { Pair } from '../graph/names.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import { broadcastTo } from './broadcast.js';
import { reshape } from './reshape.js';
import { checkImages, pairOf } from './window.js';

/**
 * Each pixel repeated, factor[0] times down and factor[1] across (nearest neighbor): x [n, height, width, channels] →
 * [n, height·factor, width·factor, channels].
 * @throws DistillError 'bad-argument'
 */
export function upsample(x: Tensor, factor: number | Pair): Tensor {
  checkTensor(x, 'upsample');
  checkImages('upsample', x);
  const [down, across] = pairOf(factor, 'the factor of upsample');
  const [n, height, width, channels] = x.shape as [number, number, number, number];
  const repeated = broadcastTo(reshape(x, [n, height, 1, width, 1, channels]), [
    ...[n, height, down, width, across, channels],
  ]);
  return reshape(repeated, [n, height * down, width * across, channels]);
}
