import { float, pointwise } from '../kernel.js';
import { exponential, logarithm } from '../math.js';
import type { Lowering } from './lowering.js';
import { rowKernel } from './row-groups.js';

export const softmax: Lowering<'softmax'> = (node) => {
  const [rows, columns] = node.shape as [number, number];
  const { temperature, log } = node.attributes;
  return rowKernel({
    ...{ name: log ? 'logSoftmax' : 'softmax', rows, columns },
    reads: { z: node.inputs[0]! },
    writes: { y: node },
    globals: log ? `${exponential}${logarithm}` : exponential,
    body: `${rowStatistics(temperature)}
  if (!writes) { return; }
${log ? '  let below = logarithm(sum);' : '  let factor = 1.0f / sum;'}
  for (var c = place; c < COLUMNS; c += WIDTH) {
    let logit = (z[first + c] - top) * ${float(1 / temperature)};
    y[first + c] = ${log ? 'logit - below' : 'exponential(logit) * factor'};
  }`,
  });
};

/** A row's greatest logit, `top`, and the sum of exp((z − top)/T), `sum`. */
export function rowStatistics(temperature: number): string {
  return `  var top = z[first + min(place, COLUMNS - 1u)];
  for (var c = place + WIDTH; c < COLUMNS; c += WIDTH) { top = maximum(top, z[first + c]); }
  top = row_max(lane, place, top);
  var sum = 0.0f;
  for (var c = place; c < COLUMNS; c += WIDTH) {
    sum += exponential((z[first + c] - top) * ${float(1 / temperature)});
  }
  sum = row_sum(lane, place, sum);`;
}

export const oneHot: Lowering<'oneHot'> = (node) => {
  const { classes } = node.attributes;
  return pointwise('oneHot', node, {
    reads: { labels: node.inputs[0]! },
    writes: { y: node },
    body: `  y[i] = select(0.0f, 1.0f, labels[i / ${classes}u] == i32(i % ${classes}u));`,
  });
};
