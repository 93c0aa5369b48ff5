// What the package consists of, by modules of src/: the build makes these files of dist/, and test/package.test.ts holds
// package.json's exports and imports against them.

/** What users import, by its names. */
export const entries = {
  '.': 'index',
  './graph': 'entries/graph',
  './data': 'entries/data',
  './formats': 'entries/formats',
  './objectives': 'entries/objectives',
  './ensemble': 'entries/ensemble',
  './jobs': 'entries/jobs',
  './onnx': 'entries/onnx',
  './infer': 'infer/index',
};

/** What a thread runs: nobody imports its names. */
export const workers = {
  './worker': { node: 'backends/wasm/worker-node', default: 'backends/wasm/worker' },
  './onnx-worker': { node: 'teachers/onnx/worker/node', default: 'teachers/onnx/worker/browser' },
};

/** What the library itself takes in one way in Node, in another elsewhere. */
export const hosts = {
  '#host': { node: 'backends/wasm/node', default: 'backends/wasm/browser' },
  '#onnx': { node: 'teachers/onnx/worker/start-node', default: 'teachers/onnx/worker/start-browser' },
  '#gpu': { node: 'backends/webgpu/gpu-node', default: 'backends/webgpu/gpu-browser' },
  '#kept': { node: 'backends/webgpu/tuning/kept-node', default: 'backends/webgpu/tuning/kept-browser' },
  '#read': { node: 'infer/read-node', default: 'infer/read' },
};

/** Files of WebAssembly, and what asc makes them by. The fast kernels are the others with relaxed SIMD. */
export const wasm = {
  './kernels.wasm': { file: 'backends/wasm/kernels.wasm', options: ['--config', 'asconfig.json'] },
  './kernels-fast.wasm': {
    file: 'backends/wasm/kernels-fast.wasm',
    options: ['--config', 'asconfig.json', '--enable', 'relaxed-simd'],
  },
  './infer.wasm': { file: 'infer/infer.wasm', options: ['--config', 'assembly/infer/asconfig.json'] },
};

/**
 * Modules that stay files of their own: a host loads its own, a worker its own, the inference entry is small because it
 * needs nothing else, and the float64 reference is for tests and doesn't ship. All others are put into one file.
 */
export const apart = [
  ...['node', 'mnist-node', 'open-file', 'browser', 'host', 'worker', 'worker-node', 'member'].map(
    (name) => `backends/wasm/${name}`,
  ),
  ...['thread-node', 'thread-browser'].map((name) => `backends/wasm/${name}`),
  ...['gpu-node', 'gpu-browser', 'tuning/kept-node', 'tuning/kept-browser'].map(
    (name) => `backends/webgpu/${name}`,
  ),
  'teachers/onnx/worker/',
  ...['checks', 'errors', 'formats/safetensors', 'formats/safetensors-header'],
  ...['layer-specs', 'metadata', 'mlp', 'specs', 'windows'].map((name) => `nn/${name}`),
  ...['graph/shape', 'ops/window'],
  'infer/',
  'backends/reference/',
];

export const isApart = (module) =>
  apart.some((name) => (name.endsWith('/') ? module.startsWith(name) : module === name));

/**
 * Readers of data files, which programs that don't read any needn't load: a file of their own (a quarter of the whole).
 * What training itself reads, safetensors and MNIST's IDX, isn't among them.
 */
const readers =
  /^(formats\/(?!aligned|gzip|hash|idx|inflate|crc|small-floats|safetensors)|(nn|teachers)\/onnx\/|sources\/(?!mnist))/;

export const isReader = (module) => readers.test(module);

/** The backend that is loaded when it is asked for: a file of its own. */
export const isWebgpu = (module) => module.startsWith('backends/webgpu/');

/** What measures a GPU, or reads how it was measured, when there is one. */
export const isTuning = (module) => module.startsWith('backends/webgpu/tuning/');

/** What compares backends, when asked for, likewise. */
export const isCompare = (module) => module.startsWith('backends/compare/');
