import { compile, mlp, ops, variable } from 'wasm-distill';
import { loadDirectly } from './direct.ts';
import type { Timing } from './peers/clock.mjs';
import { disagreement, referenceOutputs, tolerance, type Work } from './peers/work.mjs';

/**
 * Inference in this thread: the rows are copied in and the logits out each time, as the peers do. Its logits have been
 * checked.
 */
export function directInference(work: Work): Timing {
  const { name, kind, layers, batch } = work.config;
  const model = mlp(layers);
  const x = variable('x', [batch, layers[0]!]);
  const logits = variable('logits', [batch, layers.at(-1)!]);
  const direct = loadDirectly(compile({ infer: [ops.assign(logits, model.logits(x))] }));
  work.arrays.layers.forEach(({ w, b }, i) => {
    direct.view(model.parameters[2 * i]!).set(w);
    direct.view(model.parameters[2 * i + 1]!).set(b);
  });
  const infer = () => {
    direct.view(x).set(work.arrays.x);
    direct.run('infer');
    return direct.view(logits).slice();
  };
  const off = disagreement(infer(), referenceOutputs(work));
  if (!(off <= tolerance)) throw new Error(`${name}: its logits are ${off} from the reference's`);
  return {
    kind,
    steps: 0,
    subject: {
      run: (n) => {
        for (let i = 0; i < n; i++) infer();
      },
    },
  };
}
