import { type Dataset, DistillError, select, take } from 'wasm-distill';

/** Which of the training images a model learns from. */
export interface Samples {
  /** Only images of these classes. */
  classes?: readonly number[];
  /** Part of the images, spread evenly over them. */
  share?: number;
}

/** Training images, and those that errors are counted on. */
export interface Task {
  train: Dataset;
  test: Dataset;
}

/** How many of MNIST's training images recipes are tuned with; errors are counted on the others. */
const SPLIT = 50_000;

/** Recipes are tuned on training images alone: the first 50,000 to learn from, the last 10,000 to count errors on. */
export function split(train: Dataset): Task {
  if (train.size <= SPLIT)
    throw new DistillError(
      'bad-argument',
      `--split needs more than ${SPLIT} training images, not ${train.size}`,
    );
  const rest = Array.from({ length: train.size - SPLIT }, (_, i) => SPLIT + i);
  return { train: take(train, SPLIT), test: select(train, rest) };
}

/** The samples in question, in their order. */
export function choose(data: Dataset, { classes, share = 1 }: Samples): Dataset {
  if (!classes && share === 1) return data;
  const indices = Array.from(data.labels.keys())
    .filter((i) => !classes || classes.includes(data.labels[i]!))
    .filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
  return select(data, indices);
}
