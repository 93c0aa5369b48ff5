import * as root from 'wasm-distill';
import * as data from 'wasm-distill/data';
import * as ensemble from 'wasm-distill/ensemble';
import * as formats from 'wasm-distill/formats';
import * as graph from 'wasm-distill/graph';
import * as infer from 'wasm-distill/infer';
import * as jobs from 'wasm-distill/jobs';
import * as objectives from 'wasm-distill/objectives';
import * as onnx from 'wasm-distill/onnx';

const modules = { root, data, ensemble, formats, graph, infer, jobs, objectives, onnx };

/** The names that each entry hands out. */
export const entries = Object.fromEntries(
  Object.entries(modules).map(([name, module]) => [name, Object.keys(module).sort()]),
);
