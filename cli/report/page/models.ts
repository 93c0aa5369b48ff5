import { count, counted, errorRate, known, percent, share } from '../../format/numbers.ts';
import { marksOf } from '../marks.ts';
import type { ModelReport, Report } from '../report.ts';
import { knows, learnedFrom } from '../table.ts';
import { html, type Markup } from './html.ts';
import { sampleWord } from './words.ts';

type Row = Pick<
  ModelReport,
  'name' | 'parameters' | 'testErrors' | 'relativeCost' | 'balancedAccuracy' | 'collapsed' | 'silent'
> & {
  role: 'distilled' | 'hard' | 'ensemble' | 'teacher';
  layers: string;
};

/** The table of models: the students first, followed by what they are measured against. */
export function models(report: Report): Markup {
  const all = rows(report);
  const balanced = all.some(({ balancedAccuracy }) => balancedAccuracy !== undefined);
  return html`
<section aria-labelledby="models">
  <h2 id="models">Models</h2>
  <div class="card">
    <table class="models${balanced ? ' balanced' : ''}">
      <caption>Errors on ${count(report.testSize)} test ${sampleWord(report)}s; the forward cost is in multiply-adds of one forward pass,
        relative to the whole ensemble’s.</caption>
      <thead><tr>
        <th scope="col">Model</th><th scope="col" class="layers">Layers</th><th scope="col">Parameters</th>
        <th scope="col">Test errors</th><th scope="col" class="rate">Error</th>${balanced ? html`<th scope="col">Balanced accuracy</th>` : ''}<th scope="col">Forward cost</th>
      </tr></thead>
      <tbody>${all.map((row) => tableRow(row, report.testSize, balanced))}</tbody>
    </table>
    ${[...report.saw.map(learnedFrom), ...(report.knownTeachers ?? []).map(knows)].map((line) => html`<p class="note">${line}</p>`)}
  </div>
</section>`;
}

function rows({ student, ensemble, teachers }: Report): Row[] {
  const together: Row[] = ensemble
    ? [
        {
          ...ensemble,
          role: 'ensemble',
          name: 'ensemble',
          layers: `mean of ${counted(teachers.length, 'teacher')}`,
          relativeCost: 1,
        },
      ]
    : [];
  return [
    modelRow(student.distilled, 'distilled'),
    modelRow(student.hard, 'hard'),
    ...together,
    ...teachers.map((teacher) => modelRow(teacher, 'teacher')),
  ];
}

function modelRow(model: ModelReport, role: Row['role']): Row {
  return { ...model, role, layers: typeof model.layers === 'string' ? model.layers : model.layers.join('–') };
}

/** On a phone there is no room for a column of layers: they go below the name instead. */
function tableRow(row: Row, testSize: number, balanced: boolean): Markup {
  const { balancedAccuracy } = row;
  const marks = marksOf(row);
  const accuracy = balancedAccuracy === undefined ? '–' : percent(balancedAccuracy, 1);
  return html`
        <tr class="${row.role}">
          <th scope="row"><span class="key"></span>${row.name}${marks ? html` <small>${marks}</small>` : ''}<span class="layers-below">${row.layers}</span></th>
          <td class="layers">${row.layers}</td><td>${known(row.parameters, count)}</td>
          <td class="errors">${count(row.testErrors)}</td><td class="rate">${errorRate(row.testErrors, testSize)}</td>
          ${balanced ? html`<td>${accuracy}</td>` : ''}<td>${known(row.relativeCost, share)}</td>
        </tr>`;
}
