import { demand } from '../../errors.js';
import { max } from '../../ops/reduce.js';
import { reshape } from '../../ops/reshape.js';
import type { LayerKind } from './layer.js';

/** The maximum of each group of consecutive channels (Goodfellow et al. 2013): […, c] → […, c/pieces]. */
export const maxoutLayer: LayerKind<'maxout'> = {
  isActivation: true,
  output: ({ maxout: pieces }, input) => {
    const channels = input.at(-1)!;
    demand(
      channels % pieces === 0,
      () => `maxout: ${channels} channels can't be divided into groups of ${pieces}`,
    );
    return [...input.slice(0, -1), channels / pieces];
  },
  parameters: () => [],
  forward: ({ maxout: pieces }, x) => {
    const channels = x.shape.at(-1)!;
    const grouped = reshape(x, [...x.shape.slice(0, -1), channels / pieces, pieces]);
    return { output: max(grouped, grouped.shape.length - 1) };
  },
  multiplyAdds: () => 0,
};
