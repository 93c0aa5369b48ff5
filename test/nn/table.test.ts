import { expect, test } from 'vitest';
import { countParameters, multiplyAdds, parseShorthand } from 'wasm-distill';
import { network } from 'wasm-distill/graph';

/** Of facts/feature-distillation.md, section 3.3: shorthand, parameters, running statistics, MFLOP as printed there. */
const networks: [string, number, number, string][] = [
  ['28x28x1 nobn dense800 dense800 dense10', 1_276_810, 0, '2.55'],
  ['28x28x1 conv6k5 pool conv16k5v pool dense120 dense84 dense10', 61_932, 452, '0.83'],
  ['28x28x1 conv16k5v pool conv32k5v pool dense128 dense10', 80_378, 352, '2.23'],
  ['28x28x1 conv32v conv32v pool conv64v conv64v pool dense128 dense10', 197_802, 640, '19.7'],
  ['28x28x1 conv4k5s2v conv12k5v pool dense10', 3262, 32, '0.19'],
  ['28x28x1 conv8k5s2v conv16k5v pool dense32 dense10', 12_034, 112, '0.48'],
  [
    '32x32x3 nobn conv64 pool conv128 pool conv256 pool conv512 conv512 gap dense100',
    ...([3_962_084, 0, '192'] as const),
  ],
  ['32x32x3 conv16 res16 res32s2 res64s2 gap dense10', 78_042, 672, '25.0'],
  ['32x32x3 conv16 res16*2 res32s2*2 res64s2*2 gap dense10', 175_258, 1120, '53.3'],
  ['32x32x3 conv16 res16*3 res32s2*3 res64s2*3 gap dense10', 272_474, 1568, '81.6'],
  ['32x32x3 conv32 res64*5 res128s2*5 res256s2*5 gap dense100', 7_433_860, 9920, '2166'],
  ['32x32x3 conv32 res64 res128s2 res256s2 gap dense100', 1_233_540, 2752, '354'],
  ['32x32x3 conv16bare pre32*2 pre64s2*2 pre128s2*2 bnrelu gap dense100', 703_284, 1824, '202'],
  ['32x32x3 conv16bare pre32*6 pre64s2*6 pre128s2*6 bnrelu gap dense100', 2_255_156, 5408, '655'],
  ['32x32x3 conv16 sep32 sep64s2 sep64 sep128s2 sep128 gap dense10', 37_162, 1472, '9.2'],
  ['32x32x3 conv32 pool fire8-16-16 fire8-16-16 pool fire16-32-32 gap dense10', 10_602, 384, '4.1'],
  [
    '224x224x3 nobn conv64s2v pool3s2 fire16-64-64*2 pool3s2 fire32-128-128*2 pool3s2 fire48-192-192*2 fire64-256-256*2 conv1000k1 gap',
    ...([1_235_496, 0, '698'] as const),
  ],
  ['28x28x1 conv8 pool convm8-4-4 pool convm16-8-8 gap dense10', 6274, 112, '1.0'],
  [
    '28x28x1 nobn conv16x2k5v conv16x2k3v pool4s2 conv16x2k5p3 conv16x2k3v pool4s2 conv12x4k3p3 conv12x4k3v pool2 dense10',
    ...([36_226, 0, '11.3'] as const),
  ],
];

test.each(networks)('%s', (text, parameters, statistics, megaflop) => {
  const { architecture } = parseShorthand(text);
  const digits = megaflop.split('.')[1]?.length ?? 0;
  const { state } = network(architecture);
  expect({
    parameters: countParameters(architecture),
    statistics: state.reduce((sum, { shape }) => sum + shape[0]!, 0),
    megaflop: ((2 * multiplyAdds(architecture)) / 1e6).toFixed(digits),
  }).toEqual({ parameters, statistics, megaflop });
});
