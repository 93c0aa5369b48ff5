import { tanh } from '../../ops/unary.js';
import { activation } from './activation.js';

export const tanhLayer = activation<'tanh'>((x) => tanh(x));
