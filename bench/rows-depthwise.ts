import { convolutionSubject } from './conv.ts';
import { reported, shareOfPeak } from './document.ts';
import { gflops, median, ratios } from './measure.ts';
import { depthwises, outputShape } from './peers/operator.mjs';
import { makeWork, type OperatorConfig, type OperatorWork } from './peers/work.mjs';
import { besideOf, suited } from './rates.ts';
import type { Run } from './run.ts';

/** Rows about the gradients of depthwise convolutions, as shares of the peak. */
export async function depthwiseRows({ document, effort, wants, yardsticks }: Run): Promise<void> {
  for (const direction of ['dw', 'dx'] as const) {
    for (const name of Object.keys(depthwises)) {
      const id = `depthwise-${direction}-${name}`;
      if (!wants(id)) continue;
      const work = makeWork(`depthwise-${name}`) as OperatorWork;
      const subject = convolutionSubject(work, direction);
      const measured = await yardsticks.interleaved([subject], effort);
      const rates = gflops(flopsOf(work.config), measured.samples(subject.name));
      const beside = measured.beside(subject.name);
      const detail = `${median(rates).toFixed(1)} GFLOP/s of ${besideOf(beside)}`;
      document.rows.push(
        direction === 'dw'
          ? shareOfPeak(id, 0.45, rates, beside)
          : reported(id, ratios(rates, suited(beside)), detail),
      );
    }
  }
}

function flopsOf(config: OperatorConfig): number {
  const outputs = outputShape(config).reduce((all, n) => all * n, 1);
  return 2 * outputs * config.w[0]! * config.w[1]!;
}
