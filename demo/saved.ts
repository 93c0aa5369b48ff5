import type { Artifacts } from 'wasm-distill/jobs';
import { artifactsIn } from './artifacts.ts';
import type { Settings } from './settings.ts';
import { Store } from './store.ts';

/** One epoch of a network, as its curve shows it. */
export interface Point {
  epoch: number;
  loss: number;
  /** On the test images. */
  errors: number;
}

/** How a network did after its last epoch. */
export interface Learned {
  points: Point[];
  /** confusion[label][predicted] on the test images. */
  confusion: number[][];
}

interface SavedRun {
  settings: Settings;
  paused: boolean;
}

const RUN = 'run';

/** The run under way: what was chosen, what its jobs have come to, and what the page shows of them. */
export class Saved {
  readonly artifacts: Artifacts;

  private constructor(private readonly store: Store) {
    this.artifacts = artifactsIn(store);
  }

  /** `onRefused` is told why, once, where the browser doesn't store anything. */
  static async open(onRefused: (why: string) => void): Promise<Saved> {
    return new Saved(await Store.open('wasm-distill demo', onRefused));
  }

  get run(): SavedRun | undefined {
    return this.store.get(RUN) as SavedRun | undefined;
  }

  setRun(run: SavedRun): Promise<void> {
    return this.store.put(RUN, run);
  }

  learned(network: string): Learned | undefined {
    return this.store.get(shownAs(network)) as Learned | undefined;
  }

  setLearned(network: string, learned: Learned): Promise<void> {
    return this.store.put(shownAs(network), learned);
  }

  clear(): Promise<void> {
    return this.store.clear();
  }
}

function shownAs(network: string): string {
  return `learned by ${network}`;
}
