import { type Dataset, makeDataset, select } from 'wasm-distill';
import { split } from 'wasm-distill/data';

/** The samples of both parts, by their places in the whole. */
export interface Places {
  train: readonly number[];
  test: readonly number[];
}

/** As the command line does it: so both test on the same samples. */
const SHARE = 0.2;
const SEED = 1;

/** Keeps a fifth of each class for tests; `divide`: how, where more than the choice of samples depends on it. */
export function divided(
  data: Dataset,
  divide = ({ train, test }: Places) => ({ train: select(data, train), test: select(data, test) }),
): { train: Dataset; test: Dataset } {
  const { part, rest } = split(numbered(data), SHARE, SEED);
  return divide({ train: placesIn(rest), test: placesIn(part) });
}

/** The samples' numbers in place of the samples, with their labels. */
function numbered({ labels, classes, size }: Dataset): Dataset {
  const values = new Uint8Array(Uint32Array.from({ length: size }, (_, i) => i).buffer);
  return makeDataset({ inputs: { shape: [4], values }, labels, classes });
}

function placesIn({ inputs: { values } }: Dataset): number[] {
  return [...new Uint32Array(new Uint8Array(values).buffer)];
}
