import type { RawTensor, Reply, Request, RuntimeName, TensorData } from './protocol.js';

/** As much of onnxruntime-common's interface as is used here: both runtimes have it. */
export interface Runtime {
  readonly env: {
    logLevel?: unknown;
    readonly wasm?: { numThreads?: number; proxy?: boolean };
    readonly versions: { readonly common: string; readonly web?: string; readonly node?: string };
  };
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<RuntimeSession>;
  };
  readonly Tensor: new (type: string, data: TensorData, dims: readonly number[]) => unknown;
}

interface RuntimeSession {
  run(feeds: Record<string, unknown>, fetches: readonly string[]): Promise<Record<string, RawTensor>>;
  release(): Promise<void>;
}

export type LoadRuntime = (name: RuntimeName, address: string | undefined) => Promise<Runtime>;

/** What nobody wants on a console: failures are thrown as well. */
const FATAL = 4;

/** Answers requests one after another, whatever the host. */
export function serve(load: LoadRuntime): (request: Request) => Promise<Reply> {
  let open: { runtime: Runtime; session: RuntimeSession } | undefined;
  const answer = async (request: Request): Promise<Reply> => {
    if (request.kind === 'open') {
      const runtime = await attempt('absent', () => prepared(load, request.runtime, request.address));
      await open?.session.release();
      open = undefined;
      const session = await attempt('refused', () => sessionOf(runtime, request));
      open = { runtime, session };
      return { ok: true, version: versionOf(runtime, request.runtime), tensors: [] };
    }
    const { runtime, session } = open!;
    const { input, tensor, outputs } = request;
    const found = await attempt('failed', () =>
      session.run({ [input]: new runtime.Tensor(tensor.type, tensor.data, tensor.dims) }, outputs),
    );
    return { ok: true, version: '', tensors: outputs.map((name) => raw(found[name]!)) };
  };
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const reply = last.then(() => answer(request)).catch(refusal);
    last = reply;
    return reply;
  };
}

class Failure extends Error {
  constructor(
    readonly what: 'absent' | 'refused' | 'failed',
    message: string,
  ) {
    super(message);
  }
}

async function attempt<T>(what: Failure['what'], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Its wasm throws bare numbers, too.
    throw new Failure(what, error instanceof Error ? error.message : `code ${String(error)}`);
  }
}

function refusal(error: unknown): Reply {
  const what = error instanceof Failure ? error.what : 'failed';
  return { ok: false, what, message: error instanceof Error ? error.message : String(error) };
}

async function prepared(load: LoadRuntime, name: RuntimeName, address: string | undefined): Promise<Runtime> {
  const runtime = await load(name, address);
  runtime.env.logLevel = 'fatal';
  // One thread: on machines at work, its others are slower than none.
  if (runtime.env.wasm) runtime.env.wasm.numThreads = 1;
  return runtime;
}

function sessionOf(
  { InferenceSession }: Runtime,
  { runtime, model, externalFiles }: Extract<Request, { kind: 'open' }>,
): Promise<RuntimeSession> {
  return InferenceSession.create(model, {
    executionProviders: [runtime === 'onnxruntime-web' ? 'wasm' : 'cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: FATAL,
    ...(externalFiles.length > 0 && { externalData: externalFiles }),
  });
}

function versionOf({ env: { versions } }: Runtime, name: RuntimeName): string {
  return (name === 'onnxruntime-web' ? versions.web : versions.node) ?? versions.common;
}

/** Newer hosts have an array of f16, which others can't be sent. */
function raw({ type, dims, data }: RawTensor): RawTensor {
  const sent =
    type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2).slice() : data;
  return { type, dims: [...dims], data: sent };
}
