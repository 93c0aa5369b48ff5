import { BACKENDS, type Backend, type Settings } from './settings.ts';

/** How fast one training went on each engine. */
export class Speeds {
  #told = new Map<Backend, string>();
  #of = '';

  /** Of another training, speeds can't be compared. */
  begin({ backend: _, ...training }: Settings): void {
    const of = JSON.stringify(training);
    if (of !== this.#of) this.#told.clear();
    this.#of = of;
  }

  set(backend: Backend, speed: string): void {
    this.#told.set(backend, speed);
  }

  get text(): string {
    const names = Object.keys(BACKENDS) as Backend[];
    const told = names.filter((backend) => this.#told.has(backend));
    return told.map((backend) => `${BACKENDS[backend]}: ${this.#told.get(backend)}`).join(' · ');
  }
}
