import {
  type Architecture,
  defaultRecipe,
  distillation,
  type Engine,
  type KdOptions,
  labels,
  multiplyAdds,
  type Objective,
  parseShorthand,
} from 'wasm-distill';
import { sha256 } from 'wasm-distill/formats';
import { type Cell, labelsName, labelsOf, nameOf } from './cell.ts';
import { type DataName, dataSets } from './data-sets.ts';
import { type TeacherName, type TeacherSpec, teachers } from './teachers.ts';

/** The library's default. */
const BATCH = 100;

/** A network that is to be trained, known by the hash of what its weights follow from. */
export interface Training {
  key: string;
  name: string;
  data: DataName;
  size: number | 'all';
  architecture: Architecture;
  epochs: number;
  seed: number;
  /** Billions of operations, or what lasts as long. */
  cost: number;
  /** What a student learns from its teacher; none for students on labels and for teachers. */
  loss?: KdOptions;
}

/** The trainings behind a cell. */
export interface Planned {
  cell: Cell;
  teacher: Training;
  labels: Training;
  distilled: Training;
}

/** Plans cells; trainings that several of them need are one object. */
export class Planner {
  readonly #made = new Map<string, Training>();

  private constructor(private readonly identity: unknown) {}

  static async create(engine: Engine): Promise<Planner> {
    return new Planner(await engine.identity());
  }

  async plan(cell: Cell): Promise<Planned> {
    const teacher = await this.teacher(cell.teacher);
    const { data, size, student, steps, seed, T: temperature, form, alpha } = cell;
    const of = { data, size, seed, network: student, epochs: epochsOf(steps, sizeOf(data, size)) };
    const loss = { temperature, form, ...(alpha !== undefined && { alpha }) };
    return {
      cell,
      teacher,
      labels: await this.#training({ ...of, name: labelsName(labelsOf(cell)) }, labels()),
      distilled: await this.#training(
        { ...of, name: nameOf(cell), loss, teacher: teacher.key },
        distillation({ ...loss, soft: unknown(temperature) }),
      ),
    };
  }

  teacher(name: TeacherName): Promise<Training> {
    const { augment, ...spec }: TeacherSpec = teachers[name];
    return this.#training({ ...spec, augment, size: 'all', seed: 1, name: `teacher ${name}` }, labels());
  }

  async #training(what: Ingredients, objective: Objective): Promise<Training> {
    const { name, data, size, network, epochs, seed, loss } = what;
    const recipe = defaultRecipe(objective, epochs);
    const text = JSON.stringify({ ...what, spec: objective.spec, recipe, identity: this.identity });
    const key = await sha256([new TextEncoder().encode(text)]);
    const { shape, classes } = dataSets[data];
    const { architecture } = parseShorthand(network, { input: { shape }, classes });
    const cost = costOf(architecture, sizeOf(data, size), epochs);
    const made = { key, name, data, size, architecture, epochs, seed, cost, ...(loss && { loss }) };
    const known = this.#made.get(key) ?? made;
    this.#made.set(key, known);
    return known;
  }
}

interface Ingredients {
  name: string;
  data: DataName;
  size: number | 'all';
  network: string;
  epochs: number;
  seed: number;
  loss?: KdOptions;
  /** Its key. */
  teacher?: string;
  augment?: TeacherSpec['augment'];
}

/** Soft targets of no samples: what the recipe for a loss is doesn't depend on them. */
function unknown(temperature: number) {
  const probabilities = new Float32Array();
  return { temperature, classes: 1, augment: [], probabilities, transferSet: '', teachers: [] };
}

export function sizeOf(data: DataName, size: number | 'all'): number {
  return size === 'all' ? dataSets[data].training : size;
}

function epochsOf(steps: number, size: number): number {
  return Math.max(1, Math.round(steps / Math.ceil(size / BATCH)));
}

/** Three products of a layer's size in each step, and what steps and epochs cost beside. */
function costOf(architecture: Architecture, size: number, epochs: number): number {
  const steps = Math.ceil(size / BATCH) * epochs;
  return (6 * multiplyAdds(architecture) * size * epochs) / 1e9 + steps * 2e-3 + epochs * 0.02;
}
