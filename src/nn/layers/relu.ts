import { relu } from '../../ops/unary.js';
import { activation } from './activation.js';

/** max(x, 0). */
export const reluLayer = activation<'relu'>((x) => relu(x));
