import type { ImageReading } from '../data/preparation.ts';
import { loadModels } from '../files/load-models.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { namedTeacher } from './teachers.ts';

/** How a teacher's images were made. */
export interface TeacherImages {
  file: string;
  images: ImageReading;
}

/**
 * How images are to be made for the teachers that are there, where no size is given: as theirs were, if their files say
 * so and agree.
 */
export async function teacherImages({
  teacher = [],
  size,
}: Settings<'teacher' | 'size'>): Promise<TeacherImages | undefined> {
  if (size) return undefined;
  const found: TeacherImages[] = [];
  for (const text of teacher) {
    const { given } = await namedTeacher(text);
    const images = given && (await loadModels([given.file]))[0]!.images;
    if (images) found.push({ file: given.file, images });
  }
  const alike = found.every(({ images }) => JSON.stringify(images) === JSON.stringify(found[0]!.images));
  return alike ? found[0] : undefined;
}

/** Says it where it counted: the data were images. */
export function sayTeacherImages(
  progress: Progress,
  from: TeacherImages | undefined,
  made: ImageReading | undefined,
): void {
  if (!from || !made) return;
  const { size, crop } = from.images;
  const cut = crop ? ', cut to their proportions' : '';
  progress.say(
    `images are made ${size.join(' × ')} pixels${cut}, as those of the teacher ${from.file} were: --size sets another size`,
  );
}
