import { CHECKED, type Checked } from '../../cli/gpu/plans.ts';

const small = (name: keyof typeof CHECKED, network: string, batch: number): Checked => ({
  ...CHECKED[name]!,
  network,
  batch,
});

/** What `check-gpu` compares, in sizes for a GPU in software. The residual network's kernels are of two widths. */
export const SMALL: Readonly<Record<string, Checked>> = {
  perceptron: small('perceptron', '6x6x1 nobn dense7 drop.2 dense5 dense3', 4),
  residual: small('residual', '6x6x2 conv4 res4 res6s2 gap dense3', 3),
  distilled: small('distilled', '6x6x1 conv4 pool sep6 dense3', 4),
};
