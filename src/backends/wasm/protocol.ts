/** What the main thread and the members of a team say to each other. Every request gets one reply, in order. */
export type Request =
  | {
      kind: 'load';
      session: number;
      module: WebAssembly.Module;
      /** The team's shared memory; absent if threads can't share one: the member then creates its own. */
      memory: WebAssembly.Memory | undefined;
      pages: number;
    }
  | ({ kind: 'run'; session: number } & RunArguments)
  | { kind: 'write'; session: number; address: number; bytes: Uint8Array }
  | { kind: 'read'; session: number; address: number; length: number }
  | { kind: 'unload'; session: number };

export interface RunArguments {
  plan: number;
  control: number;
  scratch: number;
  thread: number;
  threads: number;
  spins: number;
  from: number;
  to: number;
  seed: number;
}

export type Reply = { ok: true; value: number | Uint8Array | undefined } | { ok: false; message: string };
