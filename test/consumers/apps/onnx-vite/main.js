import { ask } from './ask.js';

globalThis.result = await ask(new URL('teacher.onnx', document.baseURI));
