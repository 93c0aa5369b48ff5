import type { Thread } from './host.js';

export function threadOf(worker: Worker): Thread {
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', ({ data }) => listener(data)),
    onDeath: (listener) =>
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        listener(
          event.message ??
            'its script could not be loaded (blocked by a Content-Security-Policy, or not found)',
        );
      }),
    keepAlive: () => {},
    terminate: async () => worker.terminate(),
  };
}
