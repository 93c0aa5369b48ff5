import { sigmoid } from '../../ops/unary.js';
import { activation } from './activation.js';

/** 1 / (1 + e⁻ˣ). */
export const sigmoidLayer = activation<'sigmoid'>((x) => sigmoid(x));
