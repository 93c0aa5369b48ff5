import { demand } from '../../errors.js';
import type { EffectName } from '../../graph/names.js';
import { type ArrayOf, type DType, size } from '../../graph/shape.js';
import type { Effect, Plans, Tensor, Variable } from '../../graph/tensor.js';
import { topological } from '../../graph/topology.js';
import { STREAMS_VERSION } from '../../random/streams.js';
import type { Engine, RunOptions, Session, Values } from '../backend.js';
import { checkRun } from '../run-options.js';
import { Watch } from '../watch.js';
import { effectReferences } from './effects.js';
import { evaluateReference } from './evaluate.js';

/**
 * An engine in plain JavaScript and float64: what the other backends are tested against. It runs any plan, slowly, and
 * rounds only when values are read.
 */
export function referenceEngine(): Engine {
  const engine: Engine = {
    threads: 1,
    report: () => ({
      backend: 'reference',
      bits: 'this device',
      threads: 1,
      cores: 1,
      simd: false,
      kernels: 'none',
      sharedMemory: false,
      host: 'JavaScript',
      reason: 'the reference has one thread',
    }),
    load: async (plans) => new ReferenceSession(plans),
    identity: async () => ({
      backend: 'reference',
      bits: 'this device',
      kernels: 'none',
      streams: STREAMS_VERSION,
    }),
    explain: (plans) =>
      Object.entries(plans)
        .map(([name, effects]) => explained(name, effects))
        .join('\n\n'),
    divide: () => [engine],
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  return engine;
}

function explained(name: string, effects: readonly Effect[]): string {
  const line = ({ effect, inputs, targets }: Effect) =>
    `  ${effect} ${targets.map((target) => target.name).join(', ')} of ${topological(inputs).length} nodes`;
  return [`${name}:`, ...effects.map(line)].join('\n');
}

class ReferenceSession implements Session {
  readonly #values = new Map<Tensor, Float64Array>();

  constructor(private readonly plans: Plans) {
    for (const { inputs, targets } of Object.values(plans).flat())
      for (const node of [...topological(inputs), ...targets])
        if (node.op === 'variable') this.#values.set(node, new Float64Array(size(node.shape)));
  }

  has(variable: Variable): boolean {
    return this.#values.has(variable);
  }

  async write(variable: Variable, values: Values): Promise<void> {
    const own = this.#of(variable);
    demand(
      values.length === own.length,
      () => `${variable.name} [${variable.shape}] takes ${own.length} values, not ${values.length}`,
    );
    own.set(values);
  }

  async read<T extends DType>(variable: Variable<T>): Promise<ArrayOf[T]> {
    const arrays = { f32: Float32Array, u8: Uint8Array, i32: Int32Array };
    return new arrays[variable.dtype](this.#of(variable)) as ArrayOf[T];
  }

  async run(name: string, options: RunOptions = {}): Promise<number> {
    checkRun(options);
    const { from = 0, steps = 1, seed = 0, signal, onStep } = options;
    const effects = this.plans[name];
    demand(effects !== undefined, () => `there is no plan named ${name}`);
    let stopped = false;
    const watch = new Watch(onStep, () => {
      stopped = true;
    });
    let step = from;
    while (step < from + steps && !signal?.aborted && !stopped) {
      const finite = this.#step(effects, seed, step);
      watch.tell(++step);
      if (!finite) break;
    }
    await watch.end();
    return step;
  }

  async close(): Promise<void> {}

  /** Returns whether every guarded value was finite. */
  #step(effects: readonly Effect[], seed: number, step: number): boolean {
    const before = evaluateReference(
      effects.flatMap(({ inputs }) => inputs),
      this.#values,
      { seed, step },
    );
    let at = 0;
    let finite = true;
    for (const effect of effects) {
      // An input that is itself a variable is seen as earlier effects left it.
      const inputs = effect.inputs.map((input, i) => this.#values.get(input) ?? before[at + i]!);
      at += effect.inputs.length;
      carryOut(
        effect,
        inputs,
        effect.targets.map((target) => this.#of(target)),
        step,
      );
      const guarded =
        effect.effect === 'stepWrite' && 'guard' in effect.attributes && effect.attributes.guard;
      if (guarded) finite &&= inputs[0]!.every(Number.isFinite);
    }
    return finite;
  }

  #of(variable: Variable): Float64Array {
    const values = this.#values.get(variable);
    demand(values !== undefined, () => `no plan uses ${variable.name}`);
    return values;
  }
}

function carryOut<K extends EffectName>(
  effect: Effect<K>,
  inputs: readonly Float64Array[],
  targets: readonly Float64Array[],
  step: number,
): void {
  effectReferences[effect.effect](effect, inputs, targets, step);
}
