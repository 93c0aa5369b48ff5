import { element } from './dom.ts';

/** A bar for each of the ten digits, the highest as high as there is room. */
export class Bars {
  readonly root = element('div', { class: 'bars', role: 'img' });
  #bars: HTMLElement[];

  /** `of` says whose probabilities they are, for screen readers. */
  constructor(private readonly of: string) {
    this.#bars = Array.from({ length: 10 }, (_, digit) => element('div', { class: 'bar' }, String(digit)));
    this.root.append(...this.#bars);
    this.show(undefined);
  }

  /** `marked` is the digit whose bar stands out; undefined probabilities leave the bars empty. */
  show(probabilities: Float32Array | undefined, marked?: number): void {
    const most = Math.max(...(probabilities ?? [1]));
    this.#bars.forEach((bar, digit) => {
      bar.style.setProperty('--share', String((probabilities?.[digit] ?? 0) / most));
      bar.classList.toggle('marked', probabilities !== undefined && digit === marked);
    });
    this.root.setAttribute(
      'aria-label',
      `${this.of}: ${probabilities ? spoken(probabilities) : 'nothing yet'}`,
    );
  }
}

/** The three most probable digits: "7 (93 %), 1 (5 %), 9 (1 %)". */
function spoken(probabilities: Float32Array): string {
  return ranked(probabilities)
    .slice(0, 3)
    .map(({ digit, probability }) => `${digit} (${percent(probability)})`)
    .join(', ');
}

/** Digits from the most probable down. */
export function ranked(probabilities: Float32Array): { digit: number; probability: number }[] {
  return Array.from(probabilities, (probability, digit) => ({ digit, probability })).sort(
    (a, b) => b.probability - a.probability,
  );
}

/** "93 %", "99.7 %", "0.02 %". */
export function percent(share: number): string {
  const value = 100 * share;
  if (value > 99.9) return '> 99.9 %';
  if (value < 0.001) return '< 0.001 %';
  if (value > 99) return `${value.toFixed(1)} %`;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(1))} %`;
}
