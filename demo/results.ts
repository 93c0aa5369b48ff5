import { ConfusionMatrix } from './confusion.ts';
import { drawCurves } from './curves.ts';
import { byId, count, element } from './dom.ts';
import { HintCurve, short } from './hints.ts';
import type { Point } from './saved.ts';
import { type Settings, STUDENT_EPOCHS } from './settings.ts';
import { TEACHINGS } from './teaching.ts';
import { Tiles } from './tiles.ts';

/** A network, or the teachers together, as last tested. */
export interface Tested {
  points: readonly Point[];
  errors: number;
  confusion: number[][];
}

/** What the networks have learned: tiles, curves, confusion matrices. */
export class Results {
  #tested = new Map<string, Tested>();
  #tiles = new Tiles();
  #hints = new HintCurve();
  #matrices = new Map([
    ['distilled', new ConfusionMatrix('Distilled student', 'distilled')],
    ['hard', new ConfusionMatrix('Student on labels', 'hard')],
    ['ensemble', new ConfusionMatrix('Teachers together', 'ensemble')],
    ['loaded', new ConfusionMatrix('Student from a file', 'loaded')],
  ]);

  constructor() {
    byId('confusions').append(...[...this.#matrices.values()].map(({ root }) => root));
  }

  set(name: string, tested: Tested): void {
    this.#tested.set(name, tested);
  }

  has(name: string): boolean {
    return this.#tested.has(name);
  }

  /** Before a new training; the student from a file stays. */
  forget(): void {
    for (const name of [...this.#tested.keys()]) if (name !== 'loaded') this.#tested.delete(name);
  }

  /** What came out, in one sentence. */
  outcome(teaching: Settings['teaching']): string {
    const distilled = this.#tested.get('distilled')!.errors;
    const hard = this.#tested.get('hard')!.errors;
    const gap = Math.abs(hard - distilled);
    const compared = gap === 0 ? 'as many as' : `${count(gap)} ${hard > distilled ? 'fewer' : 'more'} than`;
    return `${TEACHINGS[teaching].by}, the distilled student makes ${count(distilled)} errors, ${compared} the student on labels`;
  }

  draw(): void {
    const ensemble = this.#tested.get('ensemble')?.errors;
    // First, since it asks how wide the page has made it: after other changes that would cost a layout.
    drawCurves(byId('curves'), {
      ...{ of: 'Test errors', unit: ' errors', epochs: STUDENT_EPOCHS, height: 300, empty: [100, 10_000] },
      curves: [this.#curve('hard', 'on labels'), this.#curve('distilled', 'distilled')],
      level: ensemble === undefined ? undefined : { title: 'teachers', role: 'ensemble', value: ensemble },
    });
    const hints = this.#tested.get('hints')?.points;
    this.#hints.show(hints);
    const told = hints && `hints, error ${count(short(hints.at(-1)!.loss))}`;
    this.#tiles.show('distilled', this.#tested.get('distilled')?.errors, told);
    for (const tile of ['hard', 'ensemble'] as const) this.#tiles.show(tile, this.#tested.get(tile)?.errors);
    for (const [name, matrix] of this.#matrices) matrix.show(this.#tested.get(name)?.confusion);
    this.#matrices.get('loaded')!.root.hidden = !this.has('loaded');
    byId('teachers-list').replaceChildren(...this.#teachers());
  }

  #curve(role: string, title: string) {
    const { points = [] } = this.#tested.get(role) ?? {};
    return { title, role, points: points.map(({ epoch, errors }) => ({ epoch, value: errors })) };
  }

  #teachers(): HTMLElement[] {
    return [...this.#tested]
      .filter(([name]) => name.startsWith('teacher'))
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, { points, errors }]) =>
        element('li', {}, `${name}: ${count(errors)} errors after epoch ${points.length}`),
      );
  }
}
