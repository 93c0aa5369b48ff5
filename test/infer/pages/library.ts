export { load } from 'wasm-distill/infer';
