import { type Architecture, type Engine, mlp } from 'wasm-distill';
import {
  gradients,
  type Network,
  network,
  ops,
  type Plans,
  type Session,
  type Tensor,
  type Variable,
  variable,
} from 'wasm-distill/graph';
import { distillationLoss } from 'wasm-distill/objectives';
import { type Build, type Direct, loadDirectly } from './direct.ts';
import type { Subject } from './measure.ts';
import type { Timing } from './peers/clock.mjs';
import { describe } from './peers/layers.mjs';
import {
  type Config,
  lossDisagreement,
  referenceLosses,
  stepsBeforeReset,
  type Trainable,
  tolerance,
  type Work,
} from './peers/work.mjs';

/** A training step on one batch: KD loss in two terms, SGD with momentum, as the peers do it. */
export interface Step {
  plans: Plans;
  model: Network;
  velocities: readonly Variable[];
  inputs: { x: Variable; soft: Variable; labels: Variable; rate: Variable };
  losses: Variable<'f32'>;
}

/** Steps from the first weights whose losses are compared with the reference's. */
const CHECKED = 5;

/** Ways to make a step other than the peers' or by other kernels. */
export interface Variant {
  build?: Build;
  /** Greatest norm of all gradients together (default: any). */
  clip?: number;
}

export function architectureOf(config: Config): Architecture {
  if (config.form === 'operator') throw new Error(`${config.name} isn't a network`);
  return config.form === 'mlp' ? mlp(config.layers) : config.architecture;
}

/** A work's weights by the names of the network's variables, running statistics included. */
export function weightsOf({ arrays }: Trainable, { trained }: Network): Map<string, Float32Array> {
  if ('parameters' in arrays) return new Map(arrays.parameters.map(({ name, values }) => [name, values]));
  const values = arrays.layers.flatMap(({ w, b }) => [w, b]);
  return new Map(trained.map(({ name }, i) => [name, values[i]!]));
}

export function trainable(work: Work): Trainable {
  if (work.config.form === 'operator') throw new Error(`${work.config.name} can't be trained`);
  return work as Trainable;
}

export function buildStep({ config }: Trainable, clip?: number): Step {
  const { batch, temperature, alpha, momentum } = config;
  const model = network(architectureOf(config));
  const parameters = model.trained.map((parameter) => parameter.variable);
  const x = variable('x', [batch, ...model.input]);
  const soft = variable('soft', [batch, model.classes]);
  const labels = variable('labels', [batch], 'i32');
  const rate = variable('rate', [1]);
  const losses = variable('losses', [CHECKED]);
  const { logits, effects } = model.forward(x, 'train');
  const bySample = distillationLoss({ logits, labels, soft }, { temperature, alpha, form: 'two-term' });
  const loss = ops.mean(bySample);
  const slopes = gradients(loss, parameters);
  const velocities = parameters.map((p) => variable(`${p.name}.velocity`, p.shape));
  const factor = clip === undefined ? undefined : clipFactor(slopes, clip);
  const moves = parameters.map((p, i) =>
    ops.sgdUpdate(p, {
      velocity: velocities[i]!,
      gradient: slopes[i]!,
      rate: ops.reshape(rate, []),
      factor,
      momentum,
    }),
  );
  const plans = { step: [...moves.reverse(), ...effects, ops.writeAtStep(losses, loss)] };
  return { plans, model, velocities, inputs: { x, soft, labels, rate }, losses };
}

/** clip / max(norm, clip) of all gradients together, as training has it (src/train/optimizer.ts). */
function clipFactor(slopes: readonly Tensor[], clip: number): Tensor {
  const norm = ops.sqrt(ops.sumOfSquares([...slopes].reverse()));
  const longest = ops.shift(ops.relu(ops.shift(norm, -clip)), clip);
  return ops.add(ops.divide(ops.fill(clip, []), longest), ops.scale(norm, 0));
}

/** Flops that a step needs: three products a layer, but for the first layer's input gradient. */
export function stepFlops({ config }: Trainable): number {
  const products =
    config.form === 'mlp'
      ? config.layers.slice(1).map((n, i) => config.layers[i]! * n)
      : describe(config.architecture).products;
  return 2 * config.batch * (3 * products.reduce((a, b) => a + b, 0) - products[0]!);
}

/** The step loaded into this thread, once its losses have been checked. */
export function loadedStep(
  work: Trainable,
  { build, clip }: Variant = {},
): { step: Step; direct: Direct; reset(): void } {
  const step = buildStep(work, clip);
  const direct = loadDirectly(step.plans, build);
  const reset = () => {
    for (const [variable, values] of contents(step, work)) {
      if (variable.dtype === 'i32') direct.integers(variable).set(values);
      else direct.view(variable).set(values);
    }
  };
  reset();
  direct.run('step', CHECKED);
  checkLosses(`step ${work.config.name}`, [...direct.view(step.losses).subarray(0, CHECKED)], work, clip);
  reset();
  return { step, direct, reset };
}

/** The step in this thread, to be timed. */
export function directStep(work: Trainable, variant: Variant = {}): Subject & { timing: Timing } {
  const { name, kind } = work.config;
  const { direct, reset } = loadedStep(work, variant);
  return {
    name: `step-${name}${variant.clip === undefined ? '' : '-clip'}`,
    run: () => direct.run('step'),
    before: every(stepsBeforeReset, reset),
    timing: { kind, steps: 0, subject: { run: (n) => direct.run('step', n), reset } },
  };
}

/** The step loaded into an engine, at its first weights. */
export async function stepIn(
  engine: Engine,
  work: Trainable,
): Promise<{ step: Step; session: Session; reset(): Promise<void> }> {
  const step = buildStep(work);
  const session = await engine.load(step.plans);
  const reset = async () => {
    for (const [variable, values] of contents(step, work))
      await session.write(variable, variable.dtype === 'i32' ? Int32Array.from(values) : values);
  };
  await reset();
  return { step, session, reset };
}

/** The step in an engine, to be timed, once its losses have been checked. */
export async function timingIn(engine: Engine, work: Trainable): Promise<Timing> {
  const { step, session, reset } = await stepIn(engine, work);
  await session.run('step', { steps: CHECKED });
  const name = `step ${work.config.name} on ${engine.report().backend}`;
  checkLosses(name, [...(await session.read(step.losses))], work);
  await reset();
  const run = async (steps: number) => {
    await session.run('step', { steps });
  };
  return { kind: work.config.kind, steps: 0, subject: { run, reset } };
}

/** The step on an engine's threads; `steps` of them in one run as training does it. */
export async function threadedStep(engine: Engine, work: Trainable, steps: number): Promise<Subject> {
  const { subject } = await timingIn(engine, work);
  return {
    name: `step-${work.config.name} on ${engine.threads} threads`,
    run: () => subject.run(steps),
    before: every(stepsBeforeReset / steps, () => subject.reset!()),
  };
}

/** Does it on the first of so many calls, and again on the first of the next. */
export function every<T>(calls: number, it: () => T): () => T | undefined {
  let count = 0;
  return () => (count++ % calls === 0 ? it() : undefined);
}

/** A benchmark that times a wrong result fails. */
function checkLosses(what: string, got: number[], work: Trainable, clip?: number): void {
  const expected = referenceLosses(work, got.length, clip);
  const off = lossDisagreement(got, expected);
  if (!(off <= tolerance[work.config.weights]))
    throw new Error(`${what}: its losses [${got}] differ from the reference's [${expected}]`);
}

/** What everything is set to at first. */
function contents({ model, velocities, inputs }: Step, work: Trainable): [Variable, Float32Array][] {
  const { config, arrays } = work;
  const weights = weightsOf(work, model);
  return [
    ...model.parameters.map(({ name, variable }): [Variable, Float32Array] => [variable, weights.get(name)!]),
    ...velocities.map((v): [Variable, Float32Array] => [
      v,
      new Float32Array(v.shape.reduce((all, n) => all * n, 1)),
    ]),
    [inputs.x, arrays.x],
    [inputs.soft, arrays.soft],
    [inputs.labels, arrays.labels],
    [inputs.rate, Float32Array.of(config.lr)],
  ];
}
