/** What a visitor chooses. */
export interface Settings {
  teachers: number;
  /** A teacher's network in shorthand, without input and classes. */
  teacher: string;
  teacherEpochs: number;
  /** A student's network, likewise. */
  student: string;
  /** How many of the training images the students see; the teachers see all. */
  images: number;
  temperature: number;
  /** Weight a of the hard labels; the soft targets have b = 1 − a. */
  alpha: number;
}

/** By trials on two cores: trained in less than a minute, and the distilled student ends clearly ahead. */
export const DEFAULTS: Settings = {
  teachers: 2,
  teacher: '300,300',
  teacherEpochs: 3,
  student: '100,100',
  images: 2000,
  temperature: 8,
  alpha: 0.1,
};

export const STUDENT_EPOCHS = 40;
