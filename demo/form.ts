import { byId } from './dom.ts';
import { layerPairs } from './layers.ts';
import { DEFAULTS, type Settings, teacherCount, UNUSED } from './settings.ts';
import { TEACHINGS } from './teaching.ts';

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

  /** Where there is no GPU, and why not. */
  refuseGpu(why: string): void {
    const control = this.#control('backend');
    control.title = why;
    byId<HTMLOptionElement>('backend-webgpu').disabled = true;
    control.value = 'wasm';
  }

  /** What looks into the teacher only where teacher and student have maps of one size. */
  #offer(): void {
    const fits = layerPairs(this.read()).length > 0;
    for (const one of ['attention', 'fitnets']) byId<HTMLOptionElement>(`teaching-${one}`).disabled = !fits;
    const control = this.#control('teaching');
    if (!fits) control.value = 'kd';
    const { teaching } = this.read();
    byId('teaching-hint').textContent = fits
      ? TEACHINGS[teaching].how
      : 'Attention transfer and hints need convolutional teachers and students.';
    for (const name of ['teachers', 'temperature', 'alpha'] as const)
      this.#control(name).disabled = UNUSED[teaching].includes(name);
  }

  #showValues(): void {
    const settings = this.read();
    const { teacherEpochs, temperature, alpha } = settings;
    byId('teachers-value').textContent = String(teacherCount(settings));
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
