// Tunes a recipe on training images alone: trains on the first 50,000 of MNIST, counts errors on the other 10,000 after
// each fifth epoch and the last. What docs/tuning.md lists was found with it:
//   node scripts/tune.mjs '{ "hidden": [800, 800], "epochs": 15, "rate": 0.1 }'
//   node scripts/tune.mjs '{ …, "save": "teacher.safetensors" }'
//   node scripts/tune.mjs '{ …, "teacher": "teacher.safetensors", "loss": { "temperature": 20, "form": "two-term" } }'
// Everything but hidden, save, teacher, loss and threads is an option of train().
import { readFile, writeFile } from 'node:fs/promises';
import {
  createEngine,
  decodeModel,
  distillationLoss,
  encodeModel,
  evaluate,
  loadMnist,
  softTargets,
  trainEpochs,
} from 'wasm-distill';
import { split } from '../dist/cli/reproduce/samples.js';

const [text] = process.argv.slice(2);
const { hidden, save, teacher, loss, threads = 1, ...recipe } = JSON.parse(text);
const { train: data, test: validation } = split((await loadMnist()).train);

const engine = await createEngine({ threads });
const options = {
  architecture: { kind: 'mlp', layers: [784, ...hidden, 10] },
  data,
  seed: 1,
  ...recipe,
  ...(teacher && {
    soft: (await softTargets(engine, [await model(teacher)], data, loss)).probabilities,
    loss: (batch) => distillationLoss(batch, loss),
  }),
};
for await (const { epoch, loss: mean, model: trained } of trainEpochs(engine, options)) {
  if (epoch % 5 > 0 && epoch < recipe.epochs) continue;
  const { errors } = await evaluate(engine, trained, validation);
  console.log(JSON.stringify({ epoch, loss: mean, errors, recipe: text }));
  if (save) await writeFile(save, encodeModel(trained, {}));
}
await engine.close();

async function model(file) {
  return decodeModel(await readFile(file), file).model;
}
