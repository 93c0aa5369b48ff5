import { Bars, percent, ranked } from './bars.ts';
import { byId, element } from './dom.ts';
import type { Answers, Classifier } from './messages.ts';

const WHO: readonly { who: Classifier; title: string; role: string }[] = [
  { who: 'teachers', title: 'Teachers together', role: 'ensemble' },
  { who: 'distilled', title: 'Distilled student', role: 'distilled' },
  { who: 'hard', title: 'Student on labels', role: 'hard' },
  { who: 'loaded', title: 'Student from a file', role: 'loaded' },
];

/** What each network takes the drawn digit for. */
export class Verdicts {
  #rows = WHO.map(({ who, title, role }) => {
    const bars = new Bars(title);
    const answer = element('b');
    const sure = element('small');
    const root = element(
      'li',
      { class: `verdict ${role}` },
      element('span', { class: 'who' }, title),
      element('span', { class: 'answer' }, answer, ' ', sure),
      bars.root,
    );
    return { who, bars, answer, sure, root };
  });

  constructor() {
    byId('verdicts').append(...this.#rows.map(({ root }) => root));
    this.show({});
  }

  show(answers: Answers['classify']): void {
    for (const { who, bars, answer, sure, root } of this.#rows) {
      const probabilities = answers[who];
      const best = probabilities && ranked(probabilities)[0]!;
      root.hidden = who === 'loaded' && !probabilities;
      bars.show(probabilities, best?.digit);
      answer.textContent = best ? String(best.digit) : '–';
      sure.textContent = best ? percent(best.probability) : '';
    }
    const spoken = WHO.filter(({ who }) => answers[who])
      .map(({ who, title }) => `${title}: ${ranked(answers[who]!)[0]!.digit}`)
      .join(', ');
    const said = byId('verdicts-spoken');
    if (said.textContent !== spoken) said.textContent = spoken;
  }
}
