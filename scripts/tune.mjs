// Tunes a recipe on training images alone: trains on the first 50,000 of MNIST, counts errors on the other 10,000, with
// their mean cross-entropy, which noise disturbs less, after each fifth epoch and the last. What docs/tuning.md lists was found with it:
//   node scripts/tune.mjs '{ "hidden": [800, 800], "epochs": 15, "rate": 0.1 }'
//   node scripts/tune.mjs '{ …, "save": "teacher.safetensors" }'
//   node scripts/tune.mjs '{ …, "teacher": "teacher.safetensors", "loss": { "temperature": 20, "form": "two-term" } }'
//   node scripts/tune.mjs '{ …, "from": "teacher.safetensors", "rate": 0.05 }'
// Everything but hidden, save, from, teacher, loss and threads is an option of train().
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
const { hidden, save, from, teacher, loss, threads = 1, ...recipe } = JSON.parse(text);
const { train: data, test: validation } = split((await loadMnist()).train);

const engine = await createEngine({ threads });
const options = {
  architecture: { kind: 'mlp', layers: [784, ...hidden, 10] },
  data,
  seed: 1,
  ...recipe,
  ...(from && { initial: await model(from) }),
  ...(teacher && {
    soft: (await softTargets(engine, [await model(teacher)], data, loss)).probabilities,
    loss: (batch) => distillationLoss(batch, loss),
  }),
};
for await (const { epoch, loss: mean, model: trained } of trainEpochs(engine, options)) {
  if (epoch % 5 > 0 && epoch < recipe.epochs) continue;
  const { errors, probabilities } = await evaluate(engine, trained, validation);
  const crossEntropy = crossEntropyOf(probabilities, validation);
  console.log(JSON.stringify({ epoch, loss: mean, errors, crossEntropy, recipe: text }));
  if (save) await writeFile(save, encodeModel(trained, {}));
}
await engine.close();

async function model(file) {
  return decodeModel(await readFile(file), file).model;
}

function crossEntropyOf(probabilities, { labels, size, classes }) {
  return labels.reduce((sum, label, i) => sum - Math.log(probabilities[i * classes + label]), 0) / size;
}
