import { loadMnist } from 'wasm-distill';

loadMnist().then(
  ({ train }) => console.log(JSON.stringify({ images: train.size })),
  ({ code, message }) => console.log(JSON.stringify({ code, message })),
);
