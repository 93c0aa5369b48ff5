import { byId } from './dom.ts';
import { DEFAULTS, type Settings } from './settings.ts';

const NAMES = Object.keys(DEFAULTS) as (keyof Settings)[];

/** The settings' controls: each has its setting's name. */
export class SettingsForm {
  #form = byId<HTMLFormElement>('settings');
  #fields = byId<HTMLFieldSetElement>('fields');

  constructor(onChange: (changed: string) => void) {
    this.write(DEFAULTS);
    this.#form.addEventListener('input', ({ target }) => {
      this.#showValues();
      onChange((target as HTMLInputElement).name);
    });
  }

  read(): Settings {
    return Object.fromEntries(NAMES.map((name) => [name, this.#value(name)])) as unknown as Settings;
  }

  write(settings: Settings): void {
    for (const name of NAMES) this.#control(name).value = String(settings[name]);
    this.#showValues();
  }

  set locked(locked: boolean) {
    this.#fields.disabled = locked;
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
