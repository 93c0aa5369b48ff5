import { flagOf } from './flag.ts';

export interface Preset {
  /** What it is, for --help. */
  help: string;
  /** Options by their names in a program, as they would be typed. */
  options: Readonly<Record<string, string | readonly string[]>>;
}

/** Recipes by name. */
export const PRESETS = {
  demo: {
    help: 'MNIST in two minutes: two convolutional teachers of all 60,000 images, a small student that sees 3 % of them',
    options: {
      data: 'mnist',
      teacher: ['conv16k5v pool conv32k5v pool dense128 dense10'],
      teachers: '2',
      teacherEpochs: '3',
      jitter: '2',
      student: 'conv8k5s2v conv16k5v pool dense32 dense10',
      transfer: '3%',
      epochs: '60',
      // Batch norm after He's start takes a larger rate than 0.1. This one is the best of six on labels alone by validation
      // images, of three splits, so that distillation isn't flattered; for the distilled student 0.3 to 0.8 are alike.
      lr: '0.6',
      temperature: '4',
      loss: 'two-term',
    },
  },
  survey: {
    help: "a survey's own recipe (its section 2.4.2): teachers trained at T = 20, students on the plain sum of both losses",
    options: { loss: 'sum', temperature: '20', teacherTemperature: '20' },
  },
  'hinton-2015': {
    help: 'the perceptrons of Hinton, Vinyals, Dean 2015, section 3: two terms, the soft one at T = 20 and times T²',
    options: {
      data: 'mnist',
      teacher: ['1200,1200'],
      jitter: '2',
      student: '800,800',
      temperature: '20',
      loss: 'two-term',
    },
  },
  fitnets: {
    help: 'hints, then labels and soft targets whose weight falls (Romero et al. 2015): a student thinner and deeper than its teacher',
    options: {
      objective: 'fitnets',
      teacher: ['conv16k5v pool conv32k5v pool dense128 dense10'],
      teachers: '1',
      student: 'conv8k5s2v conv8 conv8 pool conv8 conv8 gap dense10',
      temperature: '3',
    },
  },
  'attention-transfer': {
    help: 'soft targets and attention maps of each resolution (Zagoruyko & Komodakis 2017)',
    options: {
      objective: 'kd+attention',
      teacher: ['conv16k5v pool conv32k5v pool dense128 dense10'],
      teachers: '1',
      student: 'conv8k5v pool conv16k5v pool dense32 dense10',
      temperature: '4',
      loss: 'two-term',
    },
  },
  fsp: {
    help: 'how maps flow from layer to layer, then labels alone (Yim et al. 2017): as many channels as in the teacher',
    options: {
      objective: 'fsp',
      teacher: ['conv16k5v conv16 pool conv16k5v conv16 pool dense128 dense10'],
      teachers: '1',
      student: 'conv16k5v pool conv16k5v pool gap dense10',
    },
  },
  darkrank: {
    help: "the teacher's order of nearness, beside verification and triplet loss (Chen, Wang & Zhang 2018): students that find like samples",
    options: {
      objective: 'darkrank+verification+triplet',
      teacher: ['conv16k5v pool conv32k5v pool dense128 dense10'],
      teachers: '1',
      student: 'conv8k5v pool conv16k5v pool dense32 dense10',
    },
  },
} satisfies Record<string, Preset>;

export const PRESET_NAMES = Object.keys(PRESETS) as (keyof typeof PRESETS)[];

/** The presets with their options, for --help. */
export function presetsHelp(): string {
  const lines = Object.entries<Preset>(PRESETS).map(
    ([name, { help, options }]) => `  ${name.padEnd(18)} ${help}\n                     ${typed(options)}`,
  );
  return `\nPresets:\n${lines.join('\n')}`;
}

function typed(options: Preset['options']): string {
  return Object.entries(options)
    .map(([name, value]) => `${flagOf(name)} ${/[ %]/.test(String(value)) ? `"${value}"` : value}`)
    .join(' ');
}
