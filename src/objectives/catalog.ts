import { checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { darkRankEntry, tripletEntry, verificationEntry } from './catalog/by-embeddings.js';
import { mutualEntry, selfDistillationEntry } from './catalog/by-itself.js';
import { labelsEntry, smoothingEntry, virtualTeacherEntry } from './catalog/by-labels.js';
import { decoupledEntry, distEntry, kdEntry, logitsEntry, standardizedEntry } from './catalog/by-logits.js';
import {
  attentionEntry,
  fitnetsEntry,
  fspEntry,
  gradientAttentionEntry,
  symmetricAttentionEntry,
} from './catalog/by-maps.js';
import {
  congruenceEntry,
  probabilisticEntry,
  relationalEntry,
  similarityEntry,
} from './catalog/by-relations.js';
import type { CatalogEntry } from './catalog/entry.js';
import type { Teaching } from './catalog/teaching.js';
import type { Objective } from './objective.js';

/** The objectives that jobs and command lines can name: one row each, whose file has its formula and source. */
export const objectiveCatalog = {
  labels: labelsEntry,
  smoothing: smoothingEntry,
  'virtual-teacher': virtualTeacherEntry,
  kd: kdEntry,
  logits: logitsEntry,
  dkd: decoupledEntry,
  dist: distEntry,
  standardized: standardizedEntry,
  fitnets: fitnetsEntry,
  attention: attentionEntry,
  'gradient-attention': gradientAttentionEntry,
  'symmetric-attention': symmetricAttentionEntry,
  fsp: fspEntry,
  similarity: similarityEntry,
  probabilistic: probabilisticEntry,
  congruence: congruenceEntry,
  relational: relationalEntry,
  mutual: mutualEntry,
  'self-distillation': selfDistillationEntry,
  darkrank: darkRankEntry,
  verification: verificationEntry,
  triplet: tripletEntry,
} as const;

export type ObjectiveName = keyof typeof objectiveCatalog;

type OptionsOf<K extends ObjectiveName> =
  (typeof objectiveCatalog)[K] extends CatalogEntry<infer O> ? O : never;

/** An objective by its name in the catalog, and its options as plain JSON. */
export type NamedObjective = {
  [K in ObjectiveName]: { readonly objective: K; readonly options?: OptionsOf<K> };
}[ObjectiveName];

/** A row, whichever options it has: what they are is checked at run time. */
export type AnyEntry = CatalogEntry<Record<string, unknown>>;

/** The row of a name or an alias. @throws DistillError 'bad-argument' with the list of those that there are. */
export function catalogName(word: string): ObjectiveName {
  const names = Object.keys(objectiveCatalog) as ObjectiveName[];
  const found = names.find((name) => name === word || entryOf(name).aliases.includes(word));
  demand(
    found !== undefined,
    () => `there is no objective ${shown(word)}: there are ${names.map(withAliases).join(', ')}`,
  );
  return found;
}

function withAliases(name: ObjectiveName): string {
  const { aliases } = entryOf(name);
  return aliases.length > 0 ? `${name} (${aliases.join(', ')})` : name;
}

/** What the catalog says of an objective. */
export function entryOf(name: ObjectiveName): AnyEntry {
  demand(
    typeof name === 'string' && Object.hasOwn(objectiveCatalog, name),
    () => `the catalog has no ${shown(name)}: there are ${Object.keys(objectiveCatalog).join(', ')}`,
  );
  // Its options are known by name only here: they are checked one by one.
  return objectiveCatalog[name] as unknown as AnyEntry;
}

/** Refuses what the catalog doesn't have, and options that the objective doesn't. @throws DistillError 'bad-argument' */
export function checkNamed(named: NamedObjective, what: string): void {
  const { objective, options = {} } = named;
  demand(
    typeof objective === 'string' && Object.hasOwn(objectiveCatalog, objective),
    () => `${what} must be one of ${Object.keys(objectiveCatalog).join(', ')}, not ${shown(objective)}`,
  );
  const entry = entryOf(objective);
  checkNames(options, objective, Object.keys(entry.options));
  for (const [name, value] of Object.entries(options))
    if (value !== undefined) entry.options[name]!.is.check(value, `${name} of ${objective}`);
}

/**
 * The objective that a name and options stand for, taught by these.
 * @throws DistillError 'bad-argument', 'missing' where it needs another teaching than it is given.
 */
export function objectiveNamed(named: NamedObjective, teaching: Teaching = {}): Objective {
  checkNames(named, 'a named objective', ['objective', 'options']);
  checkNames(teaching, 'a teaching', ['networks', 'soft', 'logits', 'hidden']);
  checkNamed(named, 'objective');
  return entryOf(named.objective).make({ ...named.options }, teaching);
}
