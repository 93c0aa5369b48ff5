import { encodeModel, type TrainedModel } from 'wasm-distill';
import * as data from 'wasm-distill/data';
import * as ensemble from 'wasm-distill/ensemble';
import * as formats from 'wasm-distill/formats';
import * as graph from 'wasm-distill/graph';
import * as infer from 'wasm-distill/infer';
import * as jobs from 'wasm-distill/jobs';
import * as objectives from 'wasm-distill/objectives';
import * as onnx from 'wasm-distill/onnx';

/** Every entry's declarations, and bytes that what takes an ArrayBuffer's accepts. */
export const all = { data, ensemble, formats, graph, infer, jobs, objectives, onnx };
export const blobOf = (model: TrainedModel): Blob => new Blob([encodeModel(model)]);
