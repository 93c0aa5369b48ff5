import type { LessonTerm } from 'wasm-distill/jobs';
import { entryOf } from 'wasm-distill/objectives';

/** "1 · labels + 2 · attention (layers teacher:student 3:1, 8:4; power 4)" */
export function saying(terms: readonly LessonTerm[]): string {
  return terms
    .map((term) => {
      const { weight, objective } = term;
      const by = typeof weight === 'number' ? String(weight) : `${weight.from} to ${weight.to}`;
      const told = [pairsIn({ ...term.options }), othersIn(term)].filter((text) => text !== '');
      return `${by} · ${objective}${told.length > 0 ? ` (${told.join('; ')})` : ''}`;
    })
    .join(' + ');
}

function pairsIn(options: Readonly<Record<string, unknown>>): string {
  const { layers, guided, hint, layer, teacherLayer } = options;
  const pair = (teacher: unknown, student: unknown) =>
    teacher === undefined
      ? `the student's layer ${student}`
      : `layers teacher:student ${teacher}:${student ?? 'what its last layer takes'}`;
  if (Array.isArray(layers) && typeof layers[0] === 'string')
    return `the student's layers ${layers.join(', ')}`;
  if (Array.isArray(layers))
    return layers[0].teacher === undefined
      ? pair(undefined, layers[0].student)
      : `layers teacher:student ${layers.map((one) => `${one.teacher}:${one.student}`).join(', ')}`;
  if (guided !== undefined) return pair(hint, guided);
  return layer === undefined && teacherLayer === undefined ? '' : pair(teacherLayer, layer);
}

/** "power 4, form common": what isn't as the catalog has it. */
function othersIn({ objective, options: given = {} }: LessonTerm): string {
  const { options } = entryOf(objective);
  return Object.entries(given)
    .filter(([name, value]) => !LAYERS.includes(name) && value !== options[name]!.default)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Whether any of these options names layers. */
export function namesLayers(options: Readonly<Record<string, unknown>>): boolean {
  return LAYERS.some((name) => name in options);
}

const LAYERS: readonly string[] = ['layers', 'guided', 'hint', 'layer', 'teacherLayer'];
