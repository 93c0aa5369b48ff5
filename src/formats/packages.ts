import { DistillError } from '../errors.js';

/** Packages that only some files need: optional peers, loaded when the first such file comes. */
export interface Packages {
  hyparquet: () => Promise<unknown>;
  'hyparquet/src/column.js': () => Promise<unknown>;
  'hyparquet/src/datapage.js': () => Promise<unknown>;
  'hyparquet-compressors': () => Promise<unknown>;
}

let provided: Partial<Packages> = {};

/**
 * Says where optional packages come from, for programs that carry them along in a bundle of their own, as the command
 * line does: `providePackages({ hyparquet: () => import('hyparquet') })`, and the same for the other names.
 */
export function providePackages(packages: Partial<Packages>): void {
  provided = { ...provided, ...packages };
}

/**
 * The module of an optional package. `why` begins the sentence of the error where it is absent.
 * @throws DistillError 'missing'
 */
export async function loadPackage(name: keyof Packages, why: string): Promise<unknown> {
  // The imports are written out and inside `try`: so bundlers carry along what is there, and only warn of what isn't.
  try {
    const own = provided[name];
    if (own) return await own();
    if (name === 'hyparquet') return await import('hyparquet');
    if (name === 'hyparquet-compressors') return await import('hyparquet-compressors');
    if (name === 'hyparquet/src/column.js') return await import('hyparquet/src/column.js');
    return await import('hyparquet/src/datapage.js');
  } catch (cause) {
    const [word] = name.split('/');
    throw new DistillError(
      'missing',
      `${why} the npm package ${word}, which can't be loaded here: npm install ${word}`,
      { cause },
    );
  }
}
