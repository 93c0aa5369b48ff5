import type { DataFacts } from '../../cli/data/facts.ts';
import { counted, errorRate } from '../../cli/format/numbers.ts';
import { byId, count, element } from '../dom.ts';
import type { KnownTeacher, Understood } from './messages.ts';

/** Up to how many classes and columns are named. */
const SHOWN = 30;

/** Shows what data and teacher were taken for. */
export function showUnderstood({ facts, teacher }: Understood): void {
  const entries: [string, Node | string][] = [
    ['Data', `${facts.source}, read as ${facts.kind}`],
    ['Samples', samplesOf(facts)],
    ['Each', shapeOf(facts)],
    ['Classes', classesOf(facts)],
    ...facts.notes.map((note): [string, string] => ['Note', note]),
    ...(teacher ? teacherOf(teacher) : []),
  ];
  byId('understood').replaceChildren(
    ...entries.flatMap(([term, value]) => [
      element('dt', {}, term),
      element('dd', term === 'Warning' ? { class: 'warning' } : {}, value),
    ]),
  );
}

function samplesOf({ samples: { train = 0, test = 0 }, unlabeled }: DataFacts): string {
  const without = unlabeled ? `, ${count(unlabeled)} of them without a label` : '';
  return `${count(train)} to learn from${without}, ${count(test)} to test on`;
}

function shapeOf({ shape, values, inputs, label }: DataFacts): string {
  if (shape.length === 3) {
    const [height, width, channels] = shape;
    const color = channels === 3 ? 'color' : channels === 1 ? 'gray' : `${channels} channels`;
    return `${height} × ${width} pixels, ${color}${values === 'bytes' ? '' : ', as numbers'}`;
  }
  const row = counted(shape[0]!, values === 'bytes' ? 'byte' : 'number');
  const columns = inputs ? `: ${some(inputs)}; the label is “${label}”` : '';
  return `a row of ${row}${columns}`;
}

function classesOf({ classes, classNames, perClass = [] }: DataFacts): Node | string {
  if (!classNames) return count(classes);
  const each = classNames.slice(0, SHOWN).map((name, i) => {
    const examples = element('small', {}, count(perClass[i] ?? 0));
    return element('span', {}, `${name} `, examples, ' ');
  });
  const more = classes > SHOWN ? [element('span', {}, `and ${classes - SHOWN} others`)] : [];
  const list = element('div', { class: 'classes' }, ...each, ...more);
  return element('div', {}, `${count(classes)}, in this order, with examples to learn from: `, list);
}

function teacherOf({ name, network, errors, of, constantErrors, warning }: KnownTeacher): [string, string][] {
  const line = `${name} (${network}): ${counted(errors, 'error')} on ${counted(of, 'test sample')} (${errorRate(errors, of)}); always answering the most frequent class makes ${count(constantErrors)}`;
  return [['Teacher', line], ...(warning ? [['Warning', warning] as [string, string]] : [])];
}

function some(names: readonly string[]): string {
  return names.length > SHOWN
    ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} others`
    : names.join(', ');
}
