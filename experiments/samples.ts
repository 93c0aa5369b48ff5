import { type Dataset, DistillError, makeDataset, select, take } from 'wasm-distill';
import { concatenate, split as splitOff } from 'wasm-distill/data';
import type { Limits } from './paper.ts';

/** Which of the training images a model learns from. */
export interface Samples {
  /** Only images of these classes. */
  classes?: readonly number[];
  /** These classes are all that there are: counted from 0 in this order, named by their digits, and tested alone. */
  alone?: boolean;
  /** Part of the images, spread evenly over them. */
  share?: number;
  /** So many of each class, drawn by the model's seed. */
  each?: number;
}

/** Training images, and those that errors are counted on. */
export interface Task {
  train: Dataset;
  test: Dataset;
}

/** How many of the training images recipes aren't tuned with, but errors counted on. */
const HELD_OUT = 10_000;

/** Recipes are tuned on training images alone: the last 10,000 to count errors on, all before them to learn from. */
export function split(train: Dataset): Task {
  const learned = train.size - HELD_OUT;
  if (learned <= 0)
    throw new DistillError(
      'bad-argument',
      `--split needs more than ${HELD_OUT} training images, not ${train.size}`,
    );
  const rest = Array.from({ length: HELD_OUT }, (_, i) => learned + i);
  return { train: take(train, learned), test: select(train, rest) };
}

/** Only the first of them. */
export function limited({ train, test }: Task, { limit, tested }: Limits): Task {
  return { train: first(train, limit), test: first(test, tested) };
}

function first(data: Dataset, count: number | undefined): Dataset {
  return count === undefined ? data : take(data, count);
}

/** Equal ones are the same samples: the seed matters where some are drawn. */
export function nameOf(samples: Samples, seed: number): string {
  return JSON.stringify([samples, ...(samples.each === undefined ? [] : [seed])]);
}

/** The samples in question, in their order; drawn ones class by class. */
export function choose(data: Dataset, { classes, alone, share = 1, each }: Samples, seed: number): Dataset {
  const chosen = classes || share < 1 ? select(data, indicesOf(data, { classes, share })) : data;
  checkSpread(data, chosen, { classes, share });
  const counted = classes && alone ? countedAnew(chosen, classes) : chosen;
  return each === undefined ? counted : draw(counted, each, seed);
}

/** What a model of such samples is tested on. */
export function testOf(data: Dataset, { classes, alone }: Samples): Dataset {
  if (!classes || !alone) return data;
  return countedAnew(select(data, indicesOf(data, { classes })), classes);
}

interface Part {
  classes?: readonly number[] | undefined;
  share?: number;
}

function indicesOf({ labels }: Dataset, { classes, share = 1 }: Part): number[] {
  return Array.from(labels.keys())
    .filter((i) => !classes || classes.includes(labels[i]!))
    .filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
}

/** A class that a part hardly has: samples lie in an order that the part follows. */
function checkSpread(data: Dataset, part: Dataset, { classes, share = 1 }: Part): void {
  if (share === 1) return;
  const count = ({ labels }: Dataset, label: number) => labels.filter((other) => other === label).length;
  for (let label = 0; label < data.classes; label++) {
    if (classes && !classes.includes(label)) continue;
    const fair = share * count(data, label);
    if (fair < 10 || count(part, label) > fair / 2) continue;
    throw new DistillError(
      'bad-argument',
      `a share of ${share} has ${count(part, label)} samples of class ${label}, where ${Math.round(fair)} are due, as samples lie in the order of their classes: shuffle them first`,
    );
  }
}

/** With names, so that a model of other digits leaves its last layer behind: its units mean others. */
function countedAnew({ inputs, labels }: Dataset, classes: readonly number[]): Dataset {
  return makeDataset({
    inputs,
    labels: labels.map((label) => classes.indexOf(label)),
    classNames: classes.map(String),
  });
}

function draw(data: Dataset, each: number, seed: number): Dataset {
  return Array.from({ length: data.classes }, (_, label) => {
    const ofClass = select(data, indicesOf(data, { classes: [label] }));
    return splitOff(ofClass, each / ofClass.size, seed).part;
  }).reduce((all, next) => concatenate(all, next));
}
