import { count, element } from './dom.ts';
import { paced } from './latest.ts';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/** Which digits are taken for which, as a table: rows are the true digits, columns what they are taken for. */
export class ConfusionMatrix {
  readonly root: HTMLElement;
  #wrong = element('small');
  #cells: HTMLTableCellElement[][];
  #worst = element('figcaption');
  #shown: number[][] | undefined;
  #draw = paced(() => this.#fill(this.#shown), 300);

  constructor(title: string, role: string) {
    this.#cells = DIGITS.map((label) =>
      DIGITS.map((taken) => element('td', label === taken ? { class: 'right' } : {})),
    );
    const head = element(
      'tr',
      {},
      element('td', { class: 'corner' }),
      ...DIGITS.map((digit) => element('th', { scope: 'col' }, String(digit))),
    );
    const rows = this.#cells.map((cells, digit) =>
      element('tr', {}, element('th', { scope: 'row' }, String(digit)), ...cells),
    );
    const table = element(
      'table',
      { class: 'confusion', 'aria-label': `Confusions of ${title}: true digits by row, answers by column` },
      element('thead', {}, head),
      element('tbody', {}, ...rows),
    );
    this.root = element(
      'figure',
      { class: `card ${role}` },
      element('h3', {}, title, ' ', this.#wrong),
      table,
      this.#worst,
    );
    this.#fill(undefined);
  }

  /** confusion[label][predicted]; undefined leaves the table empty. */
  show(confusion: number[][] | undefined): void {
    if (confusion === this.#shown) return;
    this.#shown = confusion;
    this.#draw();
  }

  #fill(confusion: number[][] | undefined): void {
    const mistakes = (confusion ?? []).flatMap((row, label) =>
      row.flatMap((images, taken) => (taken !== label && images > 0 ? [{ label, taken, images }] : [])),
    );
    const most = Math.max(1, ...mistakes.map(({ images }) => images));
    this.#cells.forEach((cells, label) => {
      cells.forEach((cell, taken) => {
        const images = confusion?.[label]?.[taken] ?? 0;
        // What is set anew costs style and layout, even where it is what was there.
        const text = images > 0 ? String(images) : '';
        if (cell.textContent !== text) cell.textContent = text;
        const share = label === taken ? '0' : (images / most).toFixed(2);
        if (cell.style.getPropertyValue('--share') !== share) cell.style.setProperty('--share', share);
      });
    });
    const wrong = mistakes.reduce((sum, { images }) => sum + images, 0);
    this.#wrong.textContent = confusion ? `${count(wrong)} wrong` : '';
    const worst = mistakes.sort((a, b) => b.images - a.images).slice(0, 3);
    this.#worst.textContent = confusion
      ? `Most often: ${worst.map(({ label, taken, images }) => `${label} → ${taken} (${images})`).join(', ')}`
      : 'Nothing yet.';
  }
}
