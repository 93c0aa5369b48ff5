import {
  compile,
  distillationLoss,
  type Engine,
  gradients,
  mlp,
  ops,
  type Program,
  type Session,
  type Variable,
  variable,
} from 'wasm-distill';
import { type Direct, loadDirectly } from './direct.ts';
import type { Subject } from './measure.ts';
import type { Arrays, Config } from './peers/work.mjs';

/** A training step on one batch: KD loss in two terms, SGD with momentum, as the peers do it. */
export interface Step {
  program: Program;
  parameters: readonly Variable[];
  inputs: { x: Variable; soft: Variable; labels: Variable; rate: Variable };
  losses: Variable;
}

/** Steps whose losses are kept. */
const KEPT = 8;

export function buildStep({ layers, batch, temperature, alpha, momentum }: Config): Step {
  const model = mlp(layers);
  const classes = layers.at(-1)!;
  const x = variable('x', [batch, layers[0]!]);
  const soft = variable('soft', [batch, classes]);
  const labels = variable('labels', [batch], 'i32');
  const rate = variable('rate', [1]);
  const losses = variable('losses', [KEPT]);
  const bySample = distillationLoss(
    { logits: model.logits(x), labels, soft },
    { temperature, alpha, form: 'two-term' },
  );
  const loss = ops.mean(bySample);
  const slopes = gradients(loss, model.parameters);
  const moves = model.parameters.map((p, i) =>
    ops.sgdUpdate(p, variable(`${p.name}.velocity`, p.shape), slopes[i]!, ops.reshapeTo(rate, []), {
      momentum,
    }),
  );
  const program = compile({ step: [...moves.reverse(), ops.writeAtStep(losses, loss)] });
  return { program, parameters: model.parameters, inputs: { x, soft, labels, rate }, losses };
}

/** Flops that a step needs: three products a layer, but for the first layer's input gradient. */
export function stepFlops({ layers, batch }: Config): number {
  const products = layers.slice(1).map((n, i) => layers[i]! * n);
  return 2 * batch * (3 * products.reduce((a, b) => a + b, 0) - products[0]!);
}

/** The step in this thread. */
export function directStep(work: Config, arrays: Arrays): Subject & { direct: Direct; losses(): number[] } {
  const step = buildStep(work);
  const direct = loadDirectly(step.program);
  for (const [variable, values] of contents(step, work, arrays)) {
    if (variable.dtype === 'i32') direct.integers(variable).set(values);
    else direct.view(variable).set(values);
  }
  return {
    name: `step-${work.name}`,
    direct,
    run: () => direct.run('step'),
    losses: () => {
      direct.run('step', 5);
      return [...direct.view(step.losses).subarray(0, 5)];
    },
  };
}

/** The step on an engine's threads, `steps` of them in one run as training does it. */
export async function threadedStep(
  engine: Engine,
  work: Config,
  arrays: Arrays,
  steps: number,
): Promise<Subject & { session: Session }> {
  const step = buildStep(work);
  const session = await engine.load(step.program);
  for (const [variable, values] of contents(step, work, arrays)) {
    await session.write(variable, variable.dtype === 'i32' ? Int32Array.from(values) : values);
  }
  return {
    name: `step-${work.name} on ${engine.threads} threads`,
    session,
    run: async () => {
      await session.run('step', { steps });
    },
  };
}

function contents({ parameters, inputs }: Step, { lr }: Config, arrays: Arrays): [Variable, Float32Array][] {
  return [
    ...arrays.layers.flatMap(({ w, b }, i): [Variable, Float32Array][] => [
      [parameters[2 * i]!, w],
      [parameters[2 * i + 1]!, b],
    ]),
    [inputs.x, arrays.x],
    [inputs.soft, arrays.soft],
    [inputs.labels, arrays.labels],
    [inputs.rate, Float32Array.of(lr)],
  ];
}
