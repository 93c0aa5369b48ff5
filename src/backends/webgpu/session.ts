import { brandOf } from '../../checks.js';
import { DistillError, demand } from '../../errors.js';
import { type ArrayOf, bytesOf, type DType } from '../../graph/shape.js';
import { checkVariable, type Variable } from '../../graph/tensor.js';
import type { RunOptions, Session, Values } from '../backend.js';
import { checkRun } from '../run-options.js';
import { Watch } from '../watch.js';
import { inVectors } from './buffers.js';
import { type Gpu, lostError } from './device.js';
import { COPY_DST, COPY_SRC, MAP_READ, STORAGE } from './flags.js';
import type { Pipelines } from './pipelines.js';
import type { Program } from './program.js';
import {
  allocateStates,
  type Encoded,
  encode,
  MOST_STEPS,
  prepared,
  STATE_BYTES,
  type States,
} from './steps.js';

/** How long a submission should take: short enough for watchdogs, long enough that encoding doesn't show. */
const SUBMISSION_MS = 75;
/** Read back at once; more is read in parts. */
const MOST_READ = 2 ** 24;
const NEVER = 2 ** 31 - 1;

/** A program in a GPU's memory. Nothing is allocated after loading. */
export class WebgpuSession implements Session {
  #failed: DistillError | undefined;
  #closed = false;
  /** Runs, reads and writes take place one after another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly gpu: Gpu,
    private readonly program: Program,
    private readonly plans: ReadonlyMap<string, readonly Encoded[]>,
    /** What computes plans that read no variable. */
    private readonly beginnings: Session | undefined,
    private readonly memory: Memory,
  ) {
    void gpu.device.lost.then(({ message }) => this.#lose(message));
  }

  static async load(
    gpu: Gpu,
    program: Program,
    pipelines: Pipelines,
    beginnings: Session | undefined,
  ): Promise<WebgpuSession> {
    const memory = allocate(gpu.device, program, pipelines);
    const plans = await Promise.all(
      [...program.plans].map(
        async ([name, dispatches]) =>
          [name, await prepared(dispatches, memory.buffers, gpu.device, pipelines)] as const,
      ),
    );
    for (const { place, words } of program.initial)
      gpu.device.queue.writeBuffer(
        memory.buffers[place.buffer]!,
        place.offset,
        words as Int32Array<ArrayBuffer>,
      );
    return new WebgpuSession(gpu, program, new Map(plans), beginnings, memory);
  }

  has(variable: Variable): boolean {
    return this.program.variables.has(variable);
  }

  write(variable: Variable, values: Values): Promise<void> {
    checkVariable(variable, 'write');
    const { name, shape, dtype } = variable;
    const place = this.#place(variable);
    const brand = brandOf(values);
    demand(
      brand === ARRAYS[dtype].name,
      () => `${name} [${shape}] takes ${ARRAYS[dtype].name}, not ${brand}`,
    );
    demand(
      values.byteLength === bytesOf(variable),
      () => `${name} [${shape}] takes ${bytesOf(variable)} bytes, not ${values.byteLength}`,
    );
    return this.#inTurn(async () => {
      const whole = wholeWords(values);
      this.gpu.device.queue.writeBuffer(this.memory.buffers[place.buffer]!, place.offset, whole);
    });
  }

  async read<T extends DType>(variable: Variable<T>): Promise<ArrayOf[T]> {
    checkVariable(variable, 'read');
    const place = this.#place(variable);
    const bytes = await this.#inTurn(() => this.#readBytes(place.buffer, place.offset, bytesOf(variable)));
    return new ARRAYS[variable.dtype](bytes) as ArrayOf[T];
  }

  async run(name: string, options: RunOptions = {}): Promise<number> {
    checkRun(options);
    const begins = Object.hasOwn(this.program.beginnings, name);
    const plan = this.plans.get(name);
    demand(begins || plan !== undefined, () => `the program has no plan named ${name}`);
    return this.#inTurn(() => (plan ? this.#run(plan, options) : this.#begin(name, options)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    for (const buffer of [...this.memory.buffers, this.memory.states, this.memory.readback]) buffer.destroy();
    await this.beginnings?.close();
  }

  /** Wasm computes it, and its results are copied. */
  async #begin(name: string, options: RunOptions): Promise<number> {
    const reached = await this.beginnings!.run(name, options);
    for (const { targets } of this.program.beginnings[name]!) {
      for (const target of targets) {
        const { buffer, offset } = this.#place(target);
        const values = await this.beginnings!.read(target);
        this.gpu.device.queue.writeBuffer(this.memory.buffers[buffer]!, offset, wholeWords(values));
      }
    }
    return reached;
  }

  async #run(plan: readonly Encoded[], { from = 0, steps = 1, seed = 0, signal, onStep }: RunOptions) {
    const { queue } = this.gpu.device;
    const end = from + steps;
    let stopped = false;
    const watch = new Watch(onStep, () => {
      stopped = true;
    });
    const flag = this.program.flag;
    queue.writeBuffer(this.memory.buffers[flag.buffer]!, flag.offset, Int32Array.of(NEVER));
    const pace = new Pace();
    let step = from;
    while (step < end && !signal?.aborted && !stopped) {
      const count = Math.min(pace.steps, end - step);
      this.#writeStates(step, count, seed);
      queue.submit([encode(this.gpu.device, plan, this.memory.state, count)]);
      step += count;
      const reached = step;
      await pace.submitted(
        queue.onSubmittedWorkDone().then(
          () => watch.tell(reached),
          // Where the process of the GPU has crashed, this comes before the device says that it is lost.
          ({ message }: Error) => this.#lose(message),
        ),
        count,
      );
      this.#check();
    }
    await pace.finished();
    await watch.end();
    const at = new Int32Array(await this.#readBytes(flag.buffer, flag.offset, 4))[0]!;
    this.#check();
    return Math.min(step, at + 1);
  }

  #writeStates(from: number, count: number, seed: number): void {
    const { words, states } = this.memory;
    for (let i = 0; i < count; i++) {
      words[(i * STATE_BYTES) / 4] = from + i;
      words[(i * STATE_BYTES) / 4 + 1] = seed;
    }
    this.gpu.device.queue.writeBuffer(states, 0, words, 0, (count * STATE_BYTES) / 4);
  }

  async #readBytes(buffer: number, offset: number, bytes: number): Promise<ArrayBuffer> {
    const { readback, buffers } = this.memory;
    const result = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += MOST_READ) {
      const part = Math.min(MOST_READ, bytes - at);
      const whole = Math.ceil(part / 4) * 4;
      const encoder = this.gpu.device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffers[buffer]!, offset + at, readback, 0, whole);
      this.gpu.device.queue.submit([encoder.finish()]);
      try {
        await readback.mapAsync(MAP_READ, 0, whole);
      } catch (error) {
        this.#check();
        throw new DistillError('worker', `the GPU gave nothing back (${(error as Error).message})`, {
          cause: error,
        });
      }
      result.set(new Uint8Array(readback.getMappedRange(0, whole), 0, part), at);
      readback.unmap();
    }
    return result.buffer;
  }

  #place(variable: Variable) {
    const place = this.program.variables.get(variable);
    demand(place !== undefined, () => `no plan of this program uses ${variable.name}`);
    return place;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      this.#check();
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  #lose(message: string): void {
    if (this.#closed) return;
    this.#failed ??= this.gpu.closed()
      ? new DistillError('worker', 'the engine was closed: go on from the last checkpoint, on a new engine')
      : lostError(message);
  }

  #check(): void {
    const wrong = this.gpu.wrong();
    if (wrong) this.#failed ??= new DistillError('worker', `the GPU refused what it was given (${wrong})`);
    if (this.#failed) throw this.#failed;
    if (this.#closed) throw new DistillError('bad-argument', 'the session is closed');
  }
}

/** How many steps go into a submission, by how long the last ones took; two are on their way at most. */
class Pace {
  steps = 1;
  #before: Promise<void> | undefined;
  #done = performance.now();

  async submitted(done: Promise<void>, count: number): Promise<void> {
    const timed = done.then(() => {
      const now = performance.now();
      const took = now - this.#done;
      this.#done = now;
      if (count < this.steps) return;
      const wanted = Math.floor((count * SUBMISSION_MS) / Math.max(took, 0.1));
      this.steps = Math.max(1, Math.min(MOST_STEPS, 2 * count, wanted));
    });
    await this.#before;
    this.#before = timed;
  }

  async finished(): Promise<void> {
    await this.#before;
  }
}

interface Memory extends States {
  readonly buffers: readonly GPUBuffer[];
  readonly words: Uint32Array<ArrayBuffer>;
  readonly readback: GPUBuffer;
}

function allocate(device: GPUDevice, program: Program, pipelines: Pipelines): Memory {
  const usage = STORAGE | COPY_SRC | COPY_DST;
  const buffers = program.buffers.map((bytes) => device.createBuffer({ size: bytes, usage }));
  const largest = Math.max(4, ...[...program.variables.keys()].map(bytesOf));
  const readback = device.createBuffer({
    size: inVectors(Math.min(largest, MOST_READ)),
    usage: MAP_READ | COPY_DST,
  });
  return {
    ...allocateStates(device, pipelines),
    ...{ buffers, words: new Uint32Array((MOST_STEPS * STATE_BYTES) / 4), readback },
  };
}

const ARRAYS = { f32: Float32Array, u8: Uint8Array, i32: Int32Array } as const;

/** The bytes of an array, with as many zeros behind as fill the last word: that is what can be written. */
function wholeWords(values: Values): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(
    values.buffer,
    values.byteOffset,
    values.byteLength,
  ) as Uint8Array<ArrayBuffer>;
  // Memory that threads share can't be handed over.
  if (bytes.byteLength % 4 === 0 && !isShared(values.buffer)) return bytes;
  const copy = new Uint8Array(Math.ceil(bytes.byteLength / 4) * 4);
  copy.set(bytes);
  return copy;
}

function isShared(buffer: ArrayBufferLike): boolean {
  return brandOf(buffer) === 'SharedArrayBuffer';
}
