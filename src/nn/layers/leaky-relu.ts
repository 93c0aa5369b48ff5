import { leakyRelu } from '../../ops/unary.js';
import { activation } from './activation.js';

/** x where it is positive, else slope·x. */
export const leakyReluLayer = activation<'leakyRelu'>((x, { leakyRelu: slope }) => leakyRelu(x, slope));
