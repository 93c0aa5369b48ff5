import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether a path has * or ? in it, which shells that leave them alone leave to us. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/** Paths of what matches, sorted; `*` and `?` stand for characters of one name, not for slashes. */
export async function matches(pattern: string): Promise<string[]> {
  const [first, ...words] = pattern.split(/(?<=[/\\])/);
  let found = isPattern(first!) ? await matching('', first!) : [first!];
  for (const word of words) {
    const next: string[] = [];
    for (const path of found) next.push(...(isPattern(word) ? await matching(path, word) : [path + word]));
    found = next;
  }
  return found.sort();
}

async function matching(folder: string, word: string): Promise<string[]> {
  const [, name, slash] = /^(.*?)([/\\]?)$/.exec(word)!;
  const expression = name!
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const test = new RegExp(`^${expression}$`);
  const names = await readdir(folder || '.').catch(() => []);
  return names
    .filter((each) => test.test(each) && !each.startsWith('.'))
    .map((each) => (folder ? join(folder, each) : each) + slash!);
}
