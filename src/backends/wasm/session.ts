import type { Bytes } from '../../arrays.js';
import { DistillError, demand } from '../../errors.js';
import { type ArrayOf, bytesOf, type DType } from '../../graph/shape.js';
import { checkVariable, type Variable } from '../../graph/tensor.js';
import type { RunOptions, Session, Values } from '../backend.js';
import { checkRun } from '../run-options.js';
import { Watch } from '../watch.js';
import { Control, Fault, Header, Opcode } from './layout.js';
import { type Memories, PAGE } from './memories.js';
import type { Program } from './program.js';
import type { Member } from './team.js';

/** A program as a session needs it: where things are. */
export type Loadable = Pick<
  Program,
  'variables' | 'image' | 'controlAddress' | 'scratchAddress' | 'scratchBytes'
> & { readonly plans: ReadonlyMap<string, { readonly address: number }> };

const PROGRESS_MS = 100;
/** How long a slice of steps should take when a run can only be watched between slices. */
const SLICE_MS = 50;
/** About 100 µs of waiting before sleeping; none if threads outnumber cores, as spinning would hold up the others. */
const SPINS = 100_000;

/** Of the barrier's sleeps (assembly/barrier.ts). */
const NAPS_A_SECOND = 5;
const MOST_NAPS = 2 ** 31 - 1;

let sessions = 0;

/** A program in memory with the threads that run it. */
export class WasmSession implements Session {
  /** Identifies the session to the threads. */
  readonly id = sessions++;
  #failed: DistillError | undefined;
  #closed = false;

  private constructor(
    private readonly program: Loadable,
    private readonly members: readonly Member[],
    /** Undefined if the only member holds the memory. */
    private readonly memory: WebAssembly.Memory | undefined,
    private readonly memories: Memories,
    private readonly spins: number,
  ) {}

  /**
   * Takes a memory (exactly as large as the program needs), instantiates every thread's kernels, writes
   * constants.
   */
  static async load(
    program: Loadable,
    members: readonly Member[],
    module: WebAssembly.Module,
    { shared, memories, cores }: { shared: boolean; memories: Memories; cores: number },
  ): Promise<WasmSession> {
    const pages = Math.ceil((program.scratchAddress + members.length * program.scratchBytes) / PAGE);
    const memory = shared ? memories.take(pages) : undefined;
    const spins = members.length <= cores ? SPINS : 0;
    const session = new WasmSession(program, members, memory, memories, spins);
    await Promise.all(
      members.map((member) => member.ask({ kind: 'load', session: session.id, module, memory, pages })),
    );
    for (const { address, words } of program.image) await session.#writeBytes(address, asBytes(words));
    return session;
  }

  get threads(): number {
    return this.members.length;
  }

  async write(variable: Variable, values: Values): Promise<void> {
    checkVariable(variable, 'write');
    const { name, shape, dtype } = variable;
    const address = this.#address(variable);
    demand(
      nameOf(values) === dtype,
      () => `${name} [${shape}] takes ${ARRAYS[dtype].name}, not ${describe(values)}`,
    );
    demand(
      values.byteLength === bytesOf(variable),
      () => `${name} [${shape}] takes ${bytesOf(variable)} bytes, not ${values.byteLength}`,
    );
    await this.#writeBytes(address, asBytes(values));
  }

  async read<T extends DType>(variable: Variable<T>): Promise<ArrayOf[T]> {
    checkVariable(variable, 'read');
    const bytes = await this.#readBytes(this.#address(variable), bytesOf(variable));
    return new ARRAYS[variable.dtype](bytes.buffer) as ArrayOf[T];
  }

  has(variable: Variable): boolean {
    return this.program.variables.has(variable);
  }

  async run(plan: string, options: RunOptions = {}): Promise<number> {
    checkRun(options);
    const address = this.program.plans.get(plan)?.address;
    if (address === undefined)
      throw new DistillError('bad-argument', `the program has no plan named ${plan}`);
    this.#check();
    const releases: (() => void)[] = [];
    for (const member of this.members) releases.push(await member.lock());
    try {
      this.#check();
      return await (this.memory
        ? this.#runShared(this.memory, address, options)
        : this.#runSliced(address, options));
    } finally {
      for (const release of releases) release();
    }
  }

  /** Frees the threads' instances; then the next session may have the memory. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const unloaded = await Promise.allSettled(
      this.members.map((member) => member.ask({ kind: 'unload', session: this.id })),
    );
    // A thread that is dead or stuck may still hold it.
    if (this.memory && !this.#failed && unloaded.every(({ status }) => status === 'fulfilled'))
      this.memories.give(this.memory);
  }

  async #runShared(
    memory: WebAssembly.Memory,
    plan: number,
    { from = 0, steps = 1, seed = 0, signal, patience = 60, onStep }: RunOptions,
  ): Promise<number> {
    const control = new Int32Array(memory.buffer, this.program.controlAddress, Control.words);
    control.fill(0);
    control[Control.naps] = Math.min(MOST_NAPS, Math.ceil(patience * NAPS_A_SECOND));
    if (signal?.aborted) return from;
    const stop = () => Atomics.store(control, Control.stop, 1);
    signal?.addEventListener('abort', stop);
    const watch = new Watch(onStep, stop);
    const timer =
      onStep &&
      setInterval(() => watch.tell(Math.max(from, Atomics.load(control, Control.step))), PROGRESS_MS);
    let reached: number[];
    try {
      reached = await Promise.all(
        this.members.map((_, thread) => this.#member(thread, plan, from, from + steps, seed, control)),
      );
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
    }
    await watch.end();
    return reached[0]!;
  }

  /** One thread's run; a failure releases the others from their barrier at once. */
  async #member(
    thread: number,
    plan: number,
    from: number,
    to: number,
    seed: number,
    control: Int32Array,
  ): Promise<number> {
    try {
      const step = (await this.members[thread]!.ask(this.#request(thread, plan, from, to, seed))) as number;
      if (step === Fault.timeout) throw this.#missing(control);
      if (step === Fault.aborted)
        throw new DistillError('worker', `thread ${thread} broke off because another one failed`);
      return step;
    } catch (error) {
      const where = this.#instruction(Atomics.load(control, Control.at + thread));
      Atomics.store(control, Control.abort, 1);
      Atomics.notify(control, Control.phase);
      throw this.#fail(
        new DistillError('worker', `${(error as Error).message} (last seen at ${where})`, { cause: error }),
      );
    }
  }

  /** Without shared memory a run can be neither observed nor stopped midway, so it is cut into slices. */
  async #runSliced(
    plan: number,
    { from = 0, steps = 1, seed = 0, signal, onStep }: RunOptions,
  ): Promise<number> {
    const end = from + steps;
    let step = from;
    let slice = 1;
    let stopped = false;
    const watch = new Watch(onStep, () => {
      stopped = true;
    });
    while (step < end && !signal?.aborted && !stopped) {
      const started = performance.now();
      const to = Math.min(end, step + slice);
      await this.#writeBytes(this.program.controlAddress, new Uint8Array(Control.words * 4));
      const reached = (await this.members[0]!.ask(this.#request(0, plan, step, to, seed)).catch(
        (error: Error) => {
          throw this.#fail(error as DistillError);
        },
      )) as number;
      watch.tell(reached);
      step = reached;
      if (reached < to) break;
      if (performance.now() - started < SLICE_MS) slice *= 2;
    }
    await watch.end();
    return step;
  }

  #request(thread: number, plan: number, from: number, to: number, seed: number) {
    const { controlAddress: control, scratchAddress, scratchBytes } = this.program;
    const scratch = scratchAddress + thread * scratchBytes;
    return {
      kind: 'run',
      session: this.id,
      plan,
      control,
      scratch,
      thread,
      threads: this.members.length,
      spins: this.spins,
      from,
      to,
      seed,
    } as const;
  }

  #check(): void {
    if (this.#failed) throw this.#failed;
    this.#demandOpen();
  }

  /** Its memory may be another's by then. */
  #demandOpen(): void {
    if (this.#closed) throw new DistillError('bad-argument', 'the session is closed');
  }

  #fail(error: DistillError): DistillError {
    this.#failed ??= error;
    return this.#failed;
  }

  /** The watchdog's report: which thread isn't where the others are. */
  #missing(control: Int32Array): DistillError {
    const at = this.members.map((_, thread) => Atomics.load(control, Control.at + thread));
    const most = Math.max(...at);
    const late = at.findIndex((address) => address !== most);
    return new DistillError(
      'worker',
      `thread ${late} never came to the barrier at ${this.#instruction(most)}: it was at ${this.#instruction(at[late] ?? 0)}`,
    );
  }

  /** "instruction 7 (matmul)" for an address in one of the plans. */
  #instruction(address: number): string {
    for (const { address: start, words } of this.program.image) {
      let index = 0;
      for (let at = 0; at < words.length && address >= start; at += words[at + Header.words]!, index++) {
        if (start + at * 4 === address) return `instruction ${index} (${Opcode[words[at + Header.opcode]!]})`;
        if (!words[at + Header.words]) break;
      }
    }
    return 'the start';
  }

  #address(variable: Variable): number {
    const address = this.program.variables.get(variable);
    if (address === undefined)
      throw new DistillError('bad-argument', `no plan of this program uses ${variable.name}`);
    return address;
  }

  async #writeBytes(address: number, bytes: Uint8Array): Promise<void> {
    this.#demandOpen();
    if (this.memory) new Uint8Array(this.memory.buffer).set(bytes, address);
    else await this.members[0]!.ask({ kind: 'write', session: this.id, address, bytes });
  }

  async #readBytes(address: number, count: number): Promise<Bytes> {
    this.#demandOpen();
    if (!this.memory)
      return (await this.members[0]!.ask({
        kind: 'read',
        session: this.id,
        address,
        length: count,
      })) as Bytes;
    const copy = new Uint8Array(count);
    copy.set(new Uint8Array(this.memory.buffer, address, count));
    return copy;
  }
}

const ARRAYS = { f32: Float32Array, u8: Uint8Array, i32: Int32Array } as const;

/** The dtype that an array holds, by its brand: arrays from another realm (a vm, an iframe) count too. */
function nameOf(values: unknown): DType | undefined {
  const brand = describe(values);
  if (brand === 'Float32Array') return 'f32';
  if (brand === 'Int32Array') return 'i32';
  return brand === 'Uint8Array' ? 'u8' : undefined;
}

function describe(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function asBytes(values: Values): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
