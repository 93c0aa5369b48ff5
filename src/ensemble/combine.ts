import type { Engine } from '../backends/backend.js';
import { brandOf, checkEngine, checkNames, checkWhole, checkWord, shown } from '../checks.js';
import { aborted, demand } from '../errors.js';
import { type Tensor, variable } from '../graph/tensor.js';
import { add, divide, multiply, subtract } from '../ops/binary.js';
import { assign } from '../ops/effects.js';
import { matmul } from '../ops/matmul.js';
import { softmax } from '../ops/softmax.js';
import { log, shift } from '../ops/unary.js';

/** A model's predictions for each sample. */
export interface Opinion {
  /** The classes that each of its outputs stands for: every class exactly once. */
  groups: readonly (readonly number[])[];
  /** [size, outputs]: the probability of each group. */
  probabilities: Float32Array;
  /** [size]: 1 where the model is asked, 0 where it isn't (default: asked for every sample). */
  asked?: Uint8Array;
}

export interface CombineOptions {
  classes: number;
  /**
   * What is minimized for each sample: 'forward' (the default) Σ KL(p, q), 'reverse' Σ KL(q, p), over all models asked.
   * If each has one output per class, q is their arithmetic or their geometric mean, respectively (Hinton, Vinyals,
   * Dean 2015, section 5.4).
   */
  divergence?: 'forward' | 'reverse';
  /** Steps of descent (default 50; more if several are asked that contradict one another with certainty). */
  steps?: number;
  signal?: AbortSignal | undefined;
}

/** Added to divisors and to arguments of logarithms: probabilities underflow to 0. */
const TINY = 1e-30;

/**
 * The distribution q over all classes that agrees best with a generalist and specialists (section 5.4, equation 5): for
 * each sample KL(p^g, q) + Σ KL(p^m, q) over the specialists asked is minimized, where q = softmax(z) is summed over
 * the classes of each output of a model. All samples at once; `generalist` is [size, classes], and so is the result.
 *
 * Descent on z as in the paper, but along the natural gradient (Amari 1998), the gradient over q: plain gradients
 * vanish with q, and where models contradicted one another with certainty, q was still 0.3 from the optimum after 300
 * steps with momentum. With r = q summed by output and w = 1 / models asked, a class's z moves by log Σ w·p/r for KL(p,
 * q), which is expectation-maximization (Dempster, Laird, Rubin 1977), and by −Σ w·log(r/p) for KL(q, p): both lower
 * the sum in every step, without a rate, and converge in one step if all models have one output per class.
 */
export async function combine(
  engine: Engine,
  generalist: Float32Array,
  specialists: readonly Opinion[],
  options: CombineOptions,
): Promise<Float32Array> {
  checkNames(options, 'combine', ['classes', 'divergence', 'steps', 'signal']);
  const { classes, divergence = 'forward', steps = 50, signal } = options;
  checkEngine(engine);
  checkWhole(classes, 'classes', 1, Infinity);
  checkWord(divergence, 'divergence', ['forward', 'reverse']);
  checkWhole(steps, 'steps', 0, Infinity);
  demand(
    brandOf(generalist) === 'Float32Array' && Array.isArray(specialists),
    () =>
      `combine needs a generalist's probabilities and a list of specialists' opinions, not ${shown(generalist)} and ${shown(specialists)}`,
  );
  const size = generalist.length / classes;
  const whole: Opinion = {
    groups: Array.from({ length: classes }, (_, c) => [c]),
    probabilities: generalist,
  };
  const opinions = [whole, ...specialists];
  for (const opinion of opinions) check(opinion, size, classes);
  const outputs = opinions.reduce((sum, { groups }) => sum + groups.length, 0);

  const start = variable('generalist', [size, classes]);
  const z = variable('z', [size, classes]);
  const groups = variable('groups', [classes, outputs]);
  const p = variable('p', [size, outputs]);
  const weights = variable('weights', [size, outputs]);
  const q = variable('q', [size, classes]);
  const r = matmul(softmax(z), groups);
  const ofClasses = (x: Tensor) => matmul(x, groups, { transposeB: true });
  const move =
    divergence === 'forward'
      ? logOf(ofClasses(divide(multiply(weights, p), shift(r, TINY))))
      : ofClasses(multiply(weights, subtract(logOf(p), logOf(r))));
  const session = await engine.load({
    start: [assign(z, logOf(start))],
    step: [assign(z, add(z, move))],
    end: [assign(q, softmax(z))],
  });
  try {
    await session.write(start, generalist);
    await session.write(groups, groupMatrix(opinions, classes, outputs));
    await session.write(p, besideOneAnother(opinions, size, outputs));
    await session.write(weights, shares(opinions, size, outputs));
    await session.run('start');
    const reached = await session.run('step', { steps, signal });
    if (reached < steps) throw aborted('the combination was stopped', signal);
    await session.run('end');
    return await session.read(q);
  } finally {
    await session.close();
  }
}

function logOf(x: Tensor): Tensor {
  return log(shift(x, TINY));
}

/** [classes, outputs]: 1 where an output of a model stands for a class. */
function groupMatrix(opinions: readonly Opinion[], classes: number, outputs: number): Float32Array {
  const matrix = new Float32Array(classes * outputs);
  opinions
    .flatMap(({ groups }) => groups)
    .forEach((group, output) => {
      for (const c of group) matrix[c * outputs + output] = 1;
    });
  return matrix;
}

/** [size, outputs]: for each sample 1 / models asked at the outputs of models asked, 0 at the others'. */
function shares(opinions: readonly Opinion[], size: number, outputs: number): Float32Array {
  const result = new Float32Array(size * outputs);
  for (let i = 0; i < size; i++) {
    const asked = opinions.filter((opinion) => isAsked(opinion, i)).length;
    let at = i * outputs;
    for (const opinion of opinions) {
      const share = isAsked(opinion, i) ? 1 / asked : 0;
      result.fill(share, at, at + opinion.groups.length);
      at += opinion.groups.length;
    }
  }
  return result;
}

function isAsked({ asked }: Opinion, sample: number): boolean {
  return asked === undefined || asked[sample] === 1;
}

/** The opinions' [size, columns] side by side: [size, outputs]. */
function besideOneAnother(opinions: readonly Opinion[], size: number, outputs: number): Float32Array {
  const result = new Float32Array(size * outputs);
  let column = 0;
  for (const { probabilities, groups } of opinions) {
    const width = groups.length;
    for (let i = 0; i < size; i++)
      result.set(probabilities.subarray(i * width, (i + 1) * width), i * outputs + column);
    column += width;
  }
  return result;
}

function check(opinion: Opinion, size: number, classes: number): void {
  checkNames(opinion, 'an opinion', ['groups', 'probabilities', 'asked']);
  const { groups, probabilities, asked } = opinion;
  demand(
    Array.isArray(groups) && groups.every(Array.isArray) && brandOf(probabilities) === 'Float32Array',
    () => `combine: an opinion has groups, a list of lists of classes, and probabilities, a Float32Array`,
  );
  demand(
    asked === undefined || (brandOf(asked) === 'Uint8Array' && asked.every((one) => one === 0 || one === 1)),
    () => `combine: asked must be a Uint8Array of 0 and 1, not ${shown(asked)}`,
  );
  const named = groups.flat().sort((a, b) => a - b);
  demand(
    named.length === classes && named.every((c, i) => c === i),
    () =>
      `combine: a model's outputs must stand for each of the ${classes} classes once, not for [${groups.join('] [')}]`,
  );
  demand(
    Number.isInteger(size) && size > 0 && probabilities.length === size * groups.length,
    () =>
      `combine: there are ${probabilities.length} probabilities, but ${size} samples of ${groups.length} outputs`,
  );
  demand(
    asked === undefined || asked.length === size,
    () => `combine: it is said of ${asked?.length} samples whether a model is asked, but there are ${size}`,
  );
  const bad = probabilities.findIndex((p) => !(p >= 0 && p <= 1.001));
  demand(bad < 0, () => `combine: probability ${bad} is ${probabilities[bad]}`);
}
