import * as v from 'valibot';

/** What options are read by; the messages complete "--name must be …". */

const LAYERS = 'whole numbers of units such as 800,800 (each from 1 to 65536, at most 16 layers)';

export function real(what: string, test: (value: number) => boolean) {
  return v.pipe(
    v.string(),
    v.regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, what),
    v.transform(Number),
    v.finite(what),
    v.check(test, what),
  );
}

export function whole(least: number, most: number) {
  return real(
    `a whole number from ${least} to ${most}`,
    (n) => Number.isInteger(n) && n >= least && n <= most,
  );
}

export function rate(what = 'a positive number') {
  return real(what, (lr) => lr > 0);
}

export function flag() {
  return v.optional(v.boolean(), false);
}

export function path() {
  return v.optional(v.pipe(v.string(), v.nonEmpty('a path')));
}

export function layers() {
  return v.pipe(
    v.string(),
    v.regex(/^\d+(,\d+)*$/, LAYERS),
    v.transform((text) => text.split(',').map(Number)),
    v.check((units) => units.length <= 16 && units.every((n) => n >= 1 && n <= 65536), LAYERS),
  );
}
