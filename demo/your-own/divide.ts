import { type Dataset, select } from 'wasm-distill';
import { splitPlaces } from 'wasm-distill/data';

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
  const { part, rest } = splitPlaces(data, SHARE, SEED);
  return divide({ train: rest, test: part });
}
