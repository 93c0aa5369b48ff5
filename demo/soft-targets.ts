import { Bars, percent, ranked } from './bars.ts';
import type { Client } from './client.ts';
import { byId, element } from './dom.ts';
import { paintDigit } from './image.ts';
import { latest } from './latest.ts';
import type { Answers } from './messages.ts';
import type { Settings } from './settings.ts';
import { TEACHINGS } from './teaching.ts';

/** The soft targets of a digit at any temperature, by teachers before their training and as they are now. */
export class SoftTargets {
  #client: Client | undefined;
  #settings: () => Settings;
  #temperature = byId<HTMLInputElement>('look-temperature');
  #before = new Bars('Before training');
  #now = new Bars('After training');
  #ask = latest(() => this.#refresh());

  constructor(settings: () => Settings) {
    this.#settings = settings;
    byId('soft-before').append(this.#before.root);
    byId('soft-now').append(this.#now.root);
    this.#temperature.addEventListener('input', () => this.refresh());
  }

  /** Shows the digits to choose from, and asks the lab from now on. */
  open(client: Client, digits: readonly Uint8Array[]): void {
    this.#client = client;
    byId('digits').append(...digits.map((image, digit) => this.#choice(image, digit)));
    this.refresh();
  }

  lookAt(temperature: number): void {
    this.#temperature.value = String(temperature);
    this.refresh();
  }

  refresh(): void {
    byId('look-temperature-value').textContent = this.#temperature.value;
    byId('soft-use').textContent = TEACHINGS[this.#settings().teaching].soft;
    this.#ask(undefined);
  }

  async #refresh(): Promise<void> {
    if (!this.#client) return;
    const digit = this.#digit();
    const temperature = Number(this.#temperature.value);
    const answer = await this.#client
      .ask({ kind: 'soften', digit, temperature, settings: this.#settings() })
      .catch(() => undefined);
    if (answer) this.#show(answer, digit);
  }

  #show({ before, now }: Answers['soften'], digit: number): void {
    this.#before.show(before, digit);
    this.#now.show(now, digit);
    byId('soft-before-text').textContent = top(before);
    byId('soft-now-text').textContent = now ? top(now) : 'Not trained yet';
  }

  #digit(): number {
    return Number(byId('digits').querySelector<HTMLInputElement>(':checked')?.value ?? 0);
  }

  #choice(image: Uint8Array, digit: number): HTMLElement {
    const input = element('input', { type: 'radio', name: 'digit', value: String(digit) });
    input.checked = digit === FIRST_SHOWN;
    input.addEventListener('change', () => this.refresh());
    const picture = element('canvas', { width: '28', height: '28', 'aria-hidden': 'true' });
    paintDigit(picture, image);
    return element('label', {}, input, picture, element('span', { class: 'unseen' }, `A written ${digit}`));
  }
}

const FIRST_SHOWN = 3;

function top(probabilities: Float32Array): string {
  return ranked(probabilities)
    .slice(0, 3)
    .map(({ digit, probability }) => `${digit}: ${percent(probability)}`)
    .join(' · ');
}
