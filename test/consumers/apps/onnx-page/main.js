import { ask } from './ask.js';

const runtimeAddress = new URL('node_modules/onnxruntime-web/dist/ort.wasm.min.mjs', document.baseURI);
globalThis.result = await ask(new URL('teacher.onnx', document.baseURI), { runtimeAddress });
