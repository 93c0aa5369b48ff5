/** What tests can run in the page, by name. Arguments and results are plain data: they are copied to and fro. */
export const tasks: Record<string, (argument: never) => Promise<unknown>> = {
  isolation: async () => ({ crossOriginIsolated, sharedMemory: sharedMemory() }),
};

function sharedMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer.byteLength > 0;
  } catch {
    return false;
  }
}
