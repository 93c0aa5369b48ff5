import type { Cell } from './cell.ts';

const ALPHA = 0.1;
const TEMPERATURES = [1, 2, 4, 8, 20];
const FORMS = ['fusion', 'two-term', 'sum'] as const;

/** A center, and cells that each differ from it in what is given; a center without differences is a cell too. */
function around(center: Cell, differences: readonly Partial<Cell>[]): Cell[] {
  const cells = [{}, ...differences].map((difference) => withAlpha({ ...center, ...difference }));
  const seen = new Set<string>();
  return cells.filter((cell) => {
    const text = JSON.stringify(Object.entries(cell).sort());
    return !seen.has(text) && seen.add(text);
  });
}

/** The sum of both terms has no weight. */
function withAlpha({ alpha, ...cell }: Cell): Cell {
  return cell.form === 'sum' || alpha === undefined ? cell : { ...cell, alpha };
}

const each = <K extends keyof Cell>(name: K, values: readonly Cell[K][]): Partial<Cell>[] =>
  values.map((value) => ({ [name]: value }));

/** Every temperature in each form, and every weight of the labels where there is one. */
const losses: Partial<Cell>[] = [
  ...FORMS.flatMap((form) => TEMPERATURES.map((T) => ({ form, T }))),
  ...[0, 0.5].flatMap((alpha) => FORMS.slice(0, 2).map((form) => ({ form, alpha }))),
];

/** Where distillation used to fail: short runs at the ends of the temperatures, tiny networks in long ones. */
const corners: Partial<Cell>[] = [
  ...[1, 4, 20].map((T) => ({ size: 5000, steps: 400, student: '30,30', T })),
  ...[1, 20].map((T) => ({ size: 5000, steps: 400, T, form: 'two-term' as const })),
  { size: 5000, steps: 10_000, student: '30,30', T: 20 },
  { size: 600, steps: 400, student: '400,400,400' },
  { size: 5000, steps: 400, student: '800,800', T: 20 },
];

const gray: Partial<Cell>[] = [
  ...each('size', [600, 5000, 'all']),
  ...each('student', [
    '30,30',
    '300,300',
    '400,400,400',
    '800,800',
    'conv4k5s2v conv12k5v pool',
    'conv8k5s2v conv16k5v pool dense32',
  ]),
  ...losses,
  ...each('steps', [400, 10_000]),
  { seed: 2 },
  ...corners,
];

const digits: Partial<Cell>[] = [
  { size: 'all' },
  ...each('student', ['30,30', '300,300', 'conv8 pool conv16', 'conv8 sep16 gap']),
  ...losses,
  ...each('steps', [400, 10_000]),
  { seed: 2 },
];

const color: Partial<Cell>[] = [
  ...each('size', [600, 5000, 'all']),
  ...each('student', ['conv16s2 res32s2 gap', 'conv8k5s2v conv16k5v pool dense32']),
  ...losses,
  ...each('steps', [400]),
  { seed: 2 },
];

/** Those of data sets that weren't tuned on: fewer, and everything at once. */
const heldOut: Partial<Cell>[] = [
  ...each('T', [1, 20]),
  ...[4, 20].map((T) => ({ form: 'two-term' as const, T })),
  { form: 'sum' },
  { alpha: 0.5 },
  { steps: 400 },
];

const learning = { T: 4, form: 'fusion', alpha: ALPHA, steps: 2000, seed: 1 } as const;

/** The judge: cells whose factors are varied around a center, for each data set. */
export const GRID: readonly Cell[] = [
  ...around({ data: 'mnist', size: 1800, teacher: 'mnist-conv', student: '100,100', ...learning }, gray),
  ...around({ data: 'fashion', size: 1800, teacher: 'fashion-conv', student: '100,100', ...learning }, gray),
  ...around({ data: 'digits', size: 600, teacher: 'digits-conv', student: '64,64', ...learning }, digits),
  ...around({ data: 'letters', size: 1800, teacher: 'letters-200', student: '100,100', ...learning }, [
    ...each('size', [600, 5000]),
    ...heldOut,
  ]),
  ...around({ data: 'tumors', size: 200, teacher: 'tumors-60', student: '30,30', ...learning }, heldOut),
  ...around(
    {
      ...{ data: 'cifar10', size: 1800, teacher: 'cifar10-conv' },
      ...{ student: 'conv16s2 sep32s2 sep64s2 gap', ...learning },
    },
    color,
  ),
];

const quick: Partial<Cell>[] = [{ T: 1 }, { T: 20 }, { form: 'two-term' }, { form: 'sum' }, { alpha: 0.5 }];

/** A dozen, in a minute. */
export const QUICK: readonly Cell[] = [
  ...around(
    { data: 'mnist', size: 600, teacher: 'mnist-quick', student: '30,30', ...learning, steps: 200 },
    quick,
  ),
  ...around(
    { data: 'digits', size: 600, teacher: 'digits-quick', student: '30,30', ...learning, steps: 200 },
    quick,
  ),
];
