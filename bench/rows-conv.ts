import { col2imSubject, convolutionSubject, type Direction } from './conv.ts';
import { atLeast, type Row, reported } from './document.ts';
import { flops, type Product, productSubject } from './gemm.ts';
import { median, ratios, type Samples, type Subject } from './measure.ts';
import { convolutions, outputShape } from './peers/operator.mjs';
import { makeWork, type OperatorConfig, type OperatorWork } from './peers/work.mjs';
import type { Run } from './run.ts';

const DIRECTIONS: readonly Direction[] = ['fwd', 'dw', 'dx'];

/** Rows about convolutions by themselves: over this engine's products of the same size, in this thread. */
export async function convolutionRows({ document, effort, wants, yardsticks }: Run): Promise<void> {
  const rows: Row[] = [];
  for (const name of Object.keys(convolutions)) {
    const wanted = DIRECTIONS.filter((direction) => wants(`conv-${direction}-${name}`));
    if (wanted.length === 0) continue;
    const work = makeWork(`conv-${name}`) as OperatorWork;
    const pairs = wanted.map((direction) => pairOf(work, direction));
    const measured = await yardsticks.interleaved(
      pairs.flatMap(({ own, base }) => [base, own]),
      effort,
    );
    for (const { direction, own, base, calls } of pairs) {
      const [ownMs, baseMs] = [measured.samples(own.name), measured.samples(base.name)];
      const each = baseMs.map((ms) => ms / calls);
      rows.push(rowOf(name, work.config, direction, ownMs, each));
    }
  }
  // All of one direction together.
  for (const direction of DIRECTIONS)
    document.rows.push(...rows.filter(({ id }) => id.startsWith(`conv-${direction}-`)));
}

interface Pair {
  direction: Direction;
  own: Subject;
  base: Subject;
  /** Of the base in one run. */
  calls: number;
}

function pairOf(work: OperatorWork, direction: Direction): Pair {
  const own = convolutionSubject(work, direction);
  if (direction === 'dx') return { direction, own, base: col2imSubject(work), calls: 1 };
  const base = productSubject(productOf(work.config, direction));
  return { direction, own, base, calls: base.calls };
}

/** The product of the same m, n and k on patches that lie there already. */
function productOf(config: OperatorConfig, direction: 'fwd' | 'dw'): Product {
  const [n, rows, columns, filters] = outputShape(config);
  const pixels = n * rows * columns;
  const k = config.w.slice(0, 3).reduce((all, size) => all * size, 1);
  const sizes =
    direction === 'fwd' ? { m: pixels, k, n: filters } : { m: k, k: pixels, n: filters, transposeA: true };
  return { id: `product ${direction}`, goal: 0, ...sizes };
}

function rowOf(name: string, config: OperatorConfig, direction: Direction, own: Samples, base: Samples): Row {
  const id = `conv-${direction}-${name}`;
  const faster = ratios(base, own);
  const rate = flops(productOf(config, 'fwd')) / median(own) / 1e6;
  const than = direction === 'dx' ? 'dY·Wᵀ and col2im' : 'the product';
  const detail = `${median(own).toPrecision(3)} ms, ${than} ${median(base).toPrecision(3)}; ${rate.toFixed(1)} GFLOP/s nominal`;
  const goal = GOALS[direction](config);
  return goal === undefined ? reported(id, faster, detail) : atLeast(id, goal, faster, detail);
}

const isSame = ({ w, stride }: OperatorConfig) => w[0] === 3 && stride === 1;

/** Least rates over the product's, by what kind of convolution it is. */
const GOALS: Record<Direction, (config: OperatorConfig) => number | undefined> = {
  fwd: (config) => {
    if (config.w[0] === 1) return 0.97;
    if (config.stride > 1) return 1.1;
    return config.w[2]! >= 16 ? 1.15 : 1;
  },
  dw: (config) => {
    if (config.w[0] === 1) return 0.97;
    if (config.stride > 1 || config.w[2]! > 64) return 1;
    return config.w[2]! >= 16 ? 1.1 : 1.15;
  },
  dx: (config) => {
    if (config.w[2]! < 16) return undefined;
    return isSame(config) ? 1.2 : 1;
  },
};
