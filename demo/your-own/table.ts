import { errorRate } from '../../cli/format/numbers.ts';
import { byId, count, element } from '../dom.ts';
import type { Row } from './messages.ts';

/** Teachers, the student on labels and the distilled one, side by side. */
export class Table {
  #rows = new Map<string, Row>();
  #of = 0;

  /** `of`: how many test samples errors are counted on. */
  begin(of: number): void {
    this.#of = of;
    this.#rows.clear();
  }

  /** A row again, with what is known by now. */
  set(row: Row): void {
    this.#rows.set(row.title, { ...this.#rows.get(row.title), ...row });
  }

  draw(): void {
    if (this.#rows.size === 0) return;
    byId('table-of').textContent = `of ${count(this.#of)}`;
    const order = { ensemble: 0, hard: 1, distilled: 2 };
    // Teachers that learn beside each other end in any order; what they do together comes after them.
    const rows = [...this.#rows.values()].sort(
      (a, b) => order[a.role] - order[b.role] || a.title.localeCompare(b.title, 'en', { numeric: true }),
    );
    byId('rows').replaceChildren(...rows.map((row) => this.#row(row)));
  }

  #row({ role, title, network, errors, parameters, bytes }: Row): HTMLElement {
    const name = `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
    const cell = (n: number | undefined) => element('td', {}, n === undefined ? '–' : count(n));
    const share = errors === undefined ? [] : [' ', element('small', {}, errorRate(errors, this.#of))];
    return element(
      'tr',
      { class: role },
      element('th', { scope: 'row' }, name, ...(network ? [element('small', {}, network)] : [])),
      element('td', {}, errors === undefined ? '–' : count(errors), ...share),
      cell(parameters),
      cell(bytes),
    );
  }
}
