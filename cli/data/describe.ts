import { count, counted } from '../format/numbers.ts';
import { type DataFacts, max, min } from './facts.ts';

/** How many classes, or columns, a line names. */
const SHOWN = 10;

/** What was understood of the data, in lines for people. */
export function describe(facts: DataFacts): string[] {
  const { kind, source, testSource, samples, imbalanced, unlabeled, notes } = facts;
  const from = kind.includes(source) ? kind : `${kind} ${source}`;
  return [
    `data: ${from}${testSource === undefined ? '' : `, tests ${testSource}`}`,
    `samples: ${parts(samples)}; ${shapeOf(facts)}${columnsOf(facts)}`,
    `classes: ${classesOf(facts)}`,
    ...(unlabeled ? [`without label: ${counted(unlabeled, 'sample')}`] : []),
    ...(imbalanced ? [imbalance(facts)] : []),
    ...notes,
  ];
}

function parts({ train, val, test }: DataFacts['samples']): string {
  return [
    ...(train === undefined ? [] : [`${count(train)} to learn from`]),
    ...(val === undefined ? [] : [`${count(val)} to validate by`]),
    ...(test === undefined ? [] : [`${count(test)} to test on`]),
  ].join(', ');
}

function shapeOf({ shape, values }: DataFacts): string {
  if (shape.length === 1)
    return values === 'bytes'
      ? `rows of ${counted(shape[0]!, 'byte')}`
      : `rows of ${counted(shape[0]!, 'number')}`;
  const [height, width, channels] = shape;
  const color = channels === 3 ? 'color' : channels === 1 ? 'gray' : `${channels} channels`;
  const each = shape.length === 3 ? `${height} × ${width} pixels, ${color}` : shape.join(' × ');
  return values === 'bytes' ? each : `${each}, as numbers`;
}

function columnsOf({ inputs, label }: DataFacts): string {
  if (!inputs) return '';
  const names =
    inputs.slice(0, SHOWN).join(', ') + (inputs.length > SHOWN ? ` … (${inputs.length} columns)` : '');
  return ` (${names})${label === null || label === undefined ? '; no label' : `; label ${JSON.stringify(label)}`}`;
}

function classesOf({ classes, classNames, perClass = [], samples }: DataFacts): string {
  if (!classNames) return count(classes);
  const named = classNames.slice(0, SHOWN).map((name, label) => `${name} (${count(perClass[label]!)})`);
  const rest =
    classes > SHOWN ? ` …, of which ${count(min(perClass))} to ${count(max(perClass))} samples each` : '';
  return `${count(classes)}, in this order, with ${samples.train === undefined ? '' : 'training '}samples: ${named.join(', ')}${rest}`;
}

function imbalance({ perClass = [], classNames = [] }: DataFacts): string {
  const least = min(perClass.filter((n) => n > 0));
  const most = max(perClass);
  const name = (n: number) => classNames[perClass.indexOf(n)];
  return `imbalanced: ${count(most)} of ${name(most)}, ${count(least)} of ${name(least)}; balanced accuracy (the mean over the classes) is beside the errors`;
}
