import { byId, count } from './dom.ts';

const TEST_SIZE = 10_000;

type Tile = 'distilled' | 'hard' | 'ensemble';

/** The three numbers that the page is about. */
export class Tiles {
  #errors = new Map<Tile, number>();

  /** `meanwhile` stands where no errors are counted yet. */
  show(tile: Tile, errors: number | undefined, meanwhile = ''): void {
    if (errors === undefined) this.#errors.delete(tile);
    else this.#errors.set(tile, errors);
    byId(`${tile}-errors`).textContent = errors === undefined ? '–' : count(errors);
    byId(`${tile}-share`).textContent =
      errors === undefined ? meanwhile : `errors, ${((100 * errors) / TEST_SIZE).toFixed(1)} %`;
    const most = Math.max(...this.#errors.values());
    for (const [name, value] of this.#errors)
      byId(`${name}-meter`).style.setProperty('--share', String(value / most));
    if (errors === undefined) byId(`${tile}-meter`).style.setProperty('--share', '0');
  }
}
