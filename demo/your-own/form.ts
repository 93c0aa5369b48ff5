import { byId } from '../dom.ts';
import type { Settings } from './messages.ts';

const NAMES = ['teachers', 'teacher', 'teacherEpochs', 'student', 'epochs', 'temperature'] as const;

/** The settings' controls. What a person has changed stays when other data bring other proposals. */
export class SettingsForm {
  #form = byId<HTMLFormElement>('settings');
  #proposed: Partial<Settings> = {};

  propose(settings: Settings): void {
    for (const name of NAMES) {
      const control = this.#control(name);
      const before = this.#proposed[name];
      if (before === undefined || control.value === String(before)) control.value = String(settings[name]);
    }
    this.#proposed = settings;
  }

  read(): Settings {
    const number = (name: keyof Settings) => Number(this.#control(name).value);
    const text = (name: keyof Settings) => this.#control(name).value;
    return {
      ...{ teachers: number('teachers'), teacher: text('teacher'), teacherEpochs: number('teacherEpochs') },
      ...{ student: text('student'), epochs: number('epochs'), temperature: number('temperature') },
    };
  }

  /** With a teacher there are none to train. */
  set hasTeacher(given: boolean) {
    byId('teacher-group').hidden = given;
    for (const name of ['teachers', 'teacher', 'teacherEpochs'] as const)
      this.#control(name).disabled = given;
  }

  set locked(locked: boolean) {
    byId<HTMLFieldSetElement>('fields').disabled = locked;
  }

  #control(name: keyof Settings): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }
}
