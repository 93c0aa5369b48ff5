import type { Compared } from 'wasm-distill/graph';
import { count, counted } from '../format/numbers.ts';
import { facts, table } from '../terminal/table.ts';
import type { GpuCheck } from './check.ts';

/** What is pasted into an issue: the GPU, what runs it, and a row for each operator. */
export function checkText(check: GpuCheck): string {
  const { adapter, limits, equalDraws, speeds, environment, operators, plans } = check;
  const { node, platform, system, version } = environment;
  const about = facts([
    ['adapter', adapter],
    [
      'limits',
      `${count(limits.bufferBytes / 2 ** 20)} MiB a tensor, ${limits.sharedBytes / 1024} KiB shared`,
    ],
    ['self test', equalDraws ? 'random numbers are those of wasm' : 'random numbers are not those of wasm'],
    ['tiles', speedsText(speeds)],
    ['runs on', `Node ${node}, ${platform}, ${system}`],
    ['version', version],
  ]);
  const heading = ['operator', 'compared', 'furthest', 'result', 'apart', 'tolerance', 'share of', ''];
  return `${about}\n\n${table(heading, rowsOf([...operators, ...plans]))}`;
}

function speedsText({ measured, tiles, rate, full }: GpuCheck['speeds']): string {
  if (!measured) return 'by estimates';
  return `shares ${tiles.join(', ')} of ${count(rate / 1e9)} billion multiply-adds/s, full with ${count(full)} invocations`;
}

/** A row for each operator, of its result that is furthest from wasm's. */
function rowsOf(results: readonly Compared[]): string[][] {
  const groups = new Map<string, Compared[]>();
  for (const result of results) {
    const { operator } = result;
    const key = operator === 'plan' ? 'whole plans' : operator;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups].map(([name, group]) => {
    const worst = group.reduce((most, each) => (excess(each) > excess(most) ? each : most));
    const { plan, shape, worst: apart, tolerance, of } = worst;
    const wrong = group.filter(({ ok }) => !ok).length;
    return [
      ...[name, count(group.length), plan, sizes(shape), tiny(apart)],
      tolerance === 0 ? 'exact' : tiny(tolerance),
      tolerance === 0 ? '' : of,
      wrong > 0 ? `${count(wrong)} wrong` : '',
    ];
  });
}

/** How much of its tolerance a result takes. */
function excess({ worst, tolerance }: Compared): number {
  return worst === 0 ? 0 : worst / tolerance;
}

/** The last sentence: that all is well, or what isn't, with sizes. */
export function verdict({ first, equalDraws, operators, plans }: GpuCheck): string {
  if (!first && !equalDraws) return "this GPU's random numbers are not those of wasm";
  if (!first)
    return `all ${counted(operators.length + plans.length, 'result')} are within tolerance of wasm's`;
  const { plan, operator, target, inputs, shape, worst, tolerance, of } = first;
  const allowed =
    tolerance === 0 ? 'no difference is allowed' : `${tiny(tolerance)} of ${SHARES[of]} is allowed`;
  const what =
    operator === 'plan'
      ? `every operator is within tolerance, but the plan ${plan} as a whole is not: ${target}`
      : `the first operator out of tolerance is ${operator} of ${inputs.map(sizes).join(' and ') || 'nothing'} in ${plan}: its result`;
  return `${what} ${sizes(shape)} is ${tiny(worst)} apart from wasm's, where ${allowed}`;
}

const SHARES: Readonly<Record<Compared['of'], string>> = {
  each: 'each number',
  largest: 'the largest number',
  magnitudes: 'the summed magnitudes',
};

function sizes(shape: readonly number[]): string {
  return `[${shape.join(' × ')}]`;
}

function tiny(value: number): string {
  return value === 0 ? '0' : Number.isFinite(value) ? value.toExponential(1) : 'not finite';
}
