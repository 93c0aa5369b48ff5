import { checkNames } from '../checks.js';
import { inputsLike } from '../data/stream.js';
import { demand } from '../errors.js';
import { multiply } from '../ops/binary.js';
import { flip } from '../ops/flip.js';
import {
  checkedMaps,
  GRADIENT_MAPS,
  type GradientMaps,
  gradientAttentionLoss,
} from './gradient-attention.js';
import { checkSomeLabeled, gradientMap, isLabeled, refuseMixed } from './gradient-map.js';
import type { Objective } from './objective.js';

/** The axis of images' columns, [batch, height, width, channels]. */
const ACROSS = 2;

/**
 * A mirrored image is to have the mirrored gradient (Zagoruyko & Komodakis, ICLR 2017, section 3.2): by sample
 * ½‖J(x) − flip(J(flip x))‖₂, without a teacher (docs/objectives.md). For images that mean the same when mirrored, which
 * digits don't. Add labels() to it by weightedSum(). Unlabeled samples contribute nothing. A student with batch norm is
 * refused.
 * @throws DistillError 'bad-argument'
 */
export function symmetricAttention(options: GradientMaps = {}): Objective {
  checkNames(options, 'symmetricAttention', GRADIENT_MAPS);
  const maps = checkedMaps(options);
  return {
    spec: { kind: 'symmetric attention', ...maps },
    check: (data) => {
      const { shape } = inputsLike(data);
      demand(
        shape.length === 3,
        () =>
          `symmetric attention mirrors images [height, width, channels], but samples are [${shape}]: give the data set that shape`,
      );
      checkSomeLabeled(data, 'symmetric attention');
    },
    loss: ({ student, forward, inputs, labels }) => {
      refuseMixed(student.logits, 'symmetric attention');
      const mirrored = forward(flip(inputs, ACROSS));
      // By the chain rule the gradient by x itself of the loss on flip(x) is flip(J(flip x)).
      const [own, other] = [student, mirrored].map(({ logits }) => gradientMap({ logits, labels, inputs }));
      return multiply(
        gradientAttentionLoss(own!, other!, maps),
        isLabeled({ labels, logits: student.logits }),
      );
    },
  };
}
