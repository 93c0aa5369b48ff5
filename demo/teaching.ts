import { count } from './dom.ts';
import type { Stage } from './run.ts';
import { type Settings, teacherCount } from './settings.ts';

/** What the page says of a way of teaching. */
interface Words {
  /** Beside the choice. */
  how: string;
  /** Begins the sentence of what came out. */
  by: string;
  /** Above the maps of where teacher and student look. */
  looking: string;
  /** Above the soft targets, after that the warm ones tell which digits resemble each other. */
  soft: string;
  /** What happens between the teachers' training and the students', and of how many jobs it is made. */
  between: { one: string; several: string; jobs: number };
  /** Added to that both students learn. */
  beginning: string;
}

const SURE = {
  one: 'the teacher says how sure it is',
  several: 'the teachers say how sure they are',
  jobs: 2,
};

export const TEACHINGS: Readonly<Record<Settings['teaching'], Words>> = {
  kd: {
    how: "The student's target is a · label + b · soft target.",
    by: 'With soft targets',
    looking: 'Nobody tells the student where to look: it learns from answers alone.',
    soft: 'that is what the student learns from.',
    between: SURE,
    beginning: '',
  },
  attention: {
    how: 'One teacher shows where it looks; the student learns that, and the labels.',
    by: 'With attention transfer',
    looking: 'The student learns to look where its teacher does.',
    soft: 'with attention transfer, the student learns where they look instead.',
    between: { ...SURE, one: 'the teacher is tested', jobs: 1 },
    beginning: '',
  },
  fitnets: {
    how: "First a layer of the student learns to predict one of the teacher's, its hint; then the whole student learns the labels and soft targets.",
    by: 'With hints',
    looking:
      "From its own maps the student first learns to predict the teacher's, its hints; then it learns the digits.",
    soft: 'the student learns from that after the hints.',
    between: SURE,
    beginning: '; one begins with hints',
  },
};

/** What a stage of a run is called, and of how many jobs it is made. */
export function stageTitle(stage: Stage, settings: Settings): [title: string, jobs: number] {
  const teachers = teacherCount(settings);
  const { between, beginning } = TEACHINGS[settings.teaching];
  switch (stage) {
    case 'teachers':
      return [
        `1 of 3: ${teachers === 1 ? 'the teacher learns' : 'teachers learn'} from 60,000 digits`,
        teachers,
      ];
    case 'soft targets':
      return [`2 of 3: ${teachers === 1 ? between.one : between.several}`, between.jobs];
    case 'students':
      return [`3 of 3: both students learn from ${count(settings.images)} digits${beginning}`, 2];
  }
}

/** Whence the results: beside the sentence of what came out. */
export function origin(settings: Settings): string {
  const taught = teacherCount(settings) === 1 ? 'the teacher' : 'the teachers';
  return `Both saw the same ${count(settings.images)} digits, for as long; ${taught} saw 60,000.`;
}
