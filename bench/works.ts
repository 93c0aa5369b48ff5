import { compile, gradients, mlp, ops, type Program, type Variable, variable } from 'wasm-distill';
import { makeWork } from './peers/work.mjs';
import { type Direct, loadDirectly } from './direct.ts';
