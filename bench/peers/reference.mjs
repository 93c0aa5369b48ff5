// Records the losses of trainings of convolutional networks in answers.json: node reference.mjs (minutes; those of
// works that haven't changed are kept)
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { computedLosses, configs, sumOf } from './network.mjs';
import { makeWork } from './work.mjs';

const STEPS = 5;
const file = new URL('./answers.json', import.meta.url);
const answers = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
for (const [name, { kind }] of Object.entries(configs)) {
  if (kind !== 'train') continue;
  const work = makeWork(name);
  if (answers[name]?.sum === sumOf(work)) continue;
  answers[name] = { sum: sumOf(work), losses: computedLosses(work, STEPS) };
  console.log(name, answers[name].losses.map((loss) => loss.toFixed(4)).join(' '));
}
writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`);
