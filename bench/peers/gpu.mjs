// Gives peers in Node what they look for in a page: navigator.gpu and WebGPU's names, by the npm package webgpu.

/** What `create` returns must stay referenced as long as a device of it lives: the process crashes otherwise. */
let gpu;

/** Before a peer is loaded, as some look for it at that moment. */
export async function provideGpu() {
  const { create, globals } = await import('webgpu');
  gpu = create([]);
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: 'Node', platform: process.platform },
    configurable: true,
  });
}
