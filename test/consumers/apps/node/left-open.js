import { createEngine } from 'wasm-distill';

// Closed by nobody: its idle threads must not hold the process open.
const engine = await createEngine({ threads: 2 });
console.log(`${engine.threads} threads`);
