import { dropout } from '../../ops/dropout.js';
import type { LayerKind } from './layer.js';

/** Drops numbers and scales up the rest during training; otherwise does nothing. */
export const dropoutLayer: LayerKind<'dropout'> = {
  output: (_spec, input) => input,
  parameters: () => [],
  forward: ({ dropout: rate }, x, _own, { mode, stream: index }) => ({
    output: mode === 'train' ? dropout(x, { rate, stream: { kind: 'dropout', index } }) : x,
  }),
  multiplyAdds: () => 0,
};
