import { countUses, type Rewrite, rebuild } from '../../compiler/rewrite.js';
import type { AttributesOf } from '../../graph/names.js';

/** Images that are read only to be scaled (to [0, 1], say) are scaled as they are gathered. */
export const fuseImages: Rewrite = {
  name: 'images scaled as they are gathered',
  apply: (roots) => {
    const uses = countUses(roots);
    return rebuild(roots, (node, original) => {
      const { kind, value } = node.attributes as { kind?: string; value?: number };
      if (node.op !== 'unary' || kind !== 'scale' || uses.get(original.inputs[0]!) !== 1) return node;
      const images = node.inputs[0]!;
      if (images.op !== 'gatherImages') return node;
      const attributes = { ...(images.attributes as AttributesOf['gatherImages']), scale: value! };
      return { ...images, op: 'scaledImages', attributes };
    });
  },
};
