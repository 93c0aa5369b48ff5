import { byId } from './dom.ts';
import { layerPairs } from './layers.ts';
import { DEFAULTS, type Settings } from './settings.ts';

const NAMES = Object.keys(DEFAULTS) as (keyof Settings)[];

/** The settings' controls: each has its setting's name. */
export class SettingsForm {
  #form = byId<HTMLFormElement>('settings');
  #fields = byId<HTMLFieldSetElement>('fields');

  constructor(onChange: (changed: string) => void) {
    this.write(DEFAULTS);
    this.#form.addEventListener('input', ({ target }) => {
      this.#offer();
      this.#showValues();
      onChange((target as HTMLInputElement).name);
    });
  }

  read(): Settings {
    return Object.fromEntries(NAMES.map((name) => [name, this.#value(name)])) as unknown as Settings;
  }

  write(settings: Settings): void {
    for (const name of NAMES) this.#control(name).value = String(settings[name] ?? DEFAULTS[name]);
    this.#offer();
    this.#showValues();
  }

  set locked(locked: boolean) {
    this.#fields.disabled = locked;
  }

  /** Attention transfer only where teacher and student have maps of one size. */
  #offer(): void {
    const fits = layerPairs(this.read()).length > 0;
    byId<HTMLOptionElement>('teaching-attention').disabled = !fits;
    const control = this.#control('teaching');
    if (!fits) control.value = 'kd';
    byId('teaching-hint').textContent = !fits
      ? 'Attention transfer needs convolutional teachers and students.'
      : control.value === 'attention'
        ? 'One teacher shows where it looks; the student learns that, and the labels.'
        : "The student's target is a · label + b · soft target.";
    for (const name of ['teachers', 'temperature', 'alpha'] as const)
      this.#control(name).disabled = control.value === 'attention';
  }

  #showValues(): void {
    const { teachers, teacherEpochs, temperature, alpha } = this.read();
    byId('teachers-value').textContent = String(teachers);
    byId('teacherEpochs-value').textContent = String(teacherEpochs);
    byId('temperature-value').textContent = String(temperature);
    byId('alpha-value').textContent = `a = ${alpha.toFixed(2)}, b = ${(1 - alpha).toFixed(2)}`;
  }

  /** As the setting's default is: a number, or text. */
  #value(name: keyof Settings): number | string {
    const { value } = this.#control(name);
    return typeof DEFAULTS[name] === 'number' ? Number(value) : value;
  }

  #control(name: keyof Settings): HTMLInputElement | HTMLSelectElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
  }
}
