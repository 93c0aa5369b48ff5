/** The worker that reads, trains and answers, so that the page never waits for any of it. */
import {
  createEngine,
  DistillError,
  type Engine,
  encodeModel,
  type TrainedModel,
  weightsSha256,
} from 'wasm-distill';
import { exportOnnx } from 'wasm-distill/formats';
import { factsOf } from '../../cli/data/facts.ts';
import { withPreparation } from '../../cli/data/preparation.ts';
import type { Like } from '../../cli/data/reader.ts';
import { counted } from '../../cli/format/numbers.ts';
import { artifactsIn } from '../artifacts.ts';
import { Store } from '../store.ts';
import { distilHere, type Listener } from './distill.ts';
import type { Choices, Format, FromWorkshop, Settings, ToWorkshop, Understood } from './messages.ts';
import { defaultsFor } from './plan.ts';
import { type Read, readData } from './read.ts';
import { snippetFor } from './snippet.ts';
import { judge, onnxGraph, ownTeacher, type Teacher } from './teacher.ts';
import { sentenceOf } from './wording.ts';

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorkshop>) => void;
  postMessage(message: FromWorkshop): void;
};
const say = (message: FromWorkshop) => scope.postMessage(message);

type ReadMessage = Extract<ToWorkshop, { kind: 'read' }>;

class Workshop {
  #read: Read | undefined;
  #teacher: Teacher | undefined;
  #student: TrainedModel | undefined;
  #reading = new AbortController();
  #running: AbortController | undefined;

  private constructor(
    private engine: Engine,
    private readonly store: Store,
  ) {}

  static async open(): Promise<Workshop> {
    const onRefused = (why: string) =>
      say({
        kind: 'notice',
        message: `This browser doesn't let the page store a training (${why}): a stopped one can be continued only until the page is closed.`,
      });
    const [engine, store] = await Promise.all([
      createEngine(),
      Store.open('wasm-distill bring your own', onRefused),
    ]);
    const { threads, reason } = engine.report();
    say({ kind: 'opened', threads, reason });
    return new Workshop(engine, store);
  }

  /** The newest question counts: what is still being read for an earlier one is given up. */
  async read(message: ReadMessage): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const { number } = message;
    let choices: Choices = { images: false };
    const offer = (found: Partial<Choices>) => {
      choices = { ...choices, ...found };
    };
    try {
      const understood = await this.#understand(message, signal, offer);
      if (!signal.aborted) say({ kind: 'understood', number, understood, choices });
    } catch (error) {
      if (signal.aborted) return;
      this.#read = undefined;
      say({ kind: 'refused', number, message: sentenceOf(error), choices });
    }
  }

  async #understand(
    { data, teacher: given, reading, prepared }: ReadMessage,
    signal: AbortSignal,
    offer: (choices: Partial<Choices>) => void,
  ): Promise<Understood> {
    const isGraph = given !== undefined && /\.onnx$/i.test(given.file.name);
    const own = given && !isGraph ? await ownTeacher(given.file) : undefined;
    const readAs = (like: Like) => readData(data, { ...reading, like, signal, offer });
    let read = await readAs(own?.like ?? {});
    const teacher = isGraph ? await onnxGraph(given, read.train, prepared, { signal, offer }) : own;
    try {
      const { classNames } = teacher?.like ?? {};
      if (classNames && classNames.join() !== read.train.classNames?.join())
        read = await readAs({ classNames });
      const { train, test, kind, made, notes } = read;
      teacher?.check(train);
      const known = teacher && (await judge(this.engine, teacher, test, signal));
      await this.#teacher?.close?.();
      this.#read = read;
      this.#teacher = teacher;
      return {
        facts: factsOf({ train, test }, { kind, source: data.name, table: made.table, notes }),
        ...(known && { teacher: known }),
        defaults: defaultsFor(train),
      };
    } catch (error) {
      await teacher?.close?.();
      throw error;
    }
  }

  async start(settings: Settings): Promise<void> {
    const read = this.#read;
    if (!read || this.#running) return;
    this.#running = new AbortController();
    const { train, test } = read;
    try {
      const { student, errors } = await distilHere(this.engine, {
        ...{ settings, train, test, teacher: this.#teacher, listener },
        artifacts: artifactsIn(this.store),
        needs: (keys) => this.#keepOnly(keys),
        signal: this.#running.signal,
      });
      this.#student = student;
      const sha256 = await weightsSha256(student);
      say({
        kind: 'finished',
        outcome: outcomeOf(errors, test.size),
        snippet: snippetFor(student, test),
        sha256,
      });
    } catch (error) {
      if (!isAbort(error)) await this.#recover(error);
      say({ kind: 'stopped' });
    } finally {
      this.#running = undefined;
    }
  }

  stop(): void {
    this.#running?.abort();
  }

  /** The distilled student as a file. */
  async save(format: Format): Promise<void> {
    const [student, read] = [this.#student, this.#read];
    if (!student || !read) return;
    const file = format === 'onnx' ? exportOnnx(student) : withPreparation(encodeModel(student), read.made);
    const bytes = file as Uint8Array<ArrayBuffer>;
    say({ kind: 'saved', name: `student.${format}`, bytes });
  }

  /** Results of other runs would only fill the disk. */
  async #keepOnly(keys: readonly string[]): Promise<void> {
    for (const name of this.store.names)
      if (!keys.some((key) => name.startsWith(key))) await this.store.delete(name);
  }

  /** A thread that failed takes its engine with it; a new one can go on from what was stored. */
  async #recover(error: unknown): Promise<void> {
    say({ kind: 'alert', message: sentenceOf(error) });
    await this.engine.close();
    this.engine = await createEngine();
  }
}

const listener: Listener = {
  stage: (title, jobs) => say({ kind: 'stage', title, jobs }),
  progress: (job, samples, totalSamples) => say({ kind: 'progress', job, samples, totalSamples }),
  row: (row) => say({ kind: 'row', row }),
  notice: (message) => say({ kind: 'notice', message }),
};

/** What came out, in one sentence. */
function outcomeOf(
  { teachers, hard, distilled }: { teachers: number; hard: number; distilled: number },
  of: number,
): string {
  const gap = Math.abs(hard - distilled);
  const compared = gap === 0 ? 'as many as' : `${gap} ${hard > distilled ? 'fewer' : 'more'} than`;
  const sentence = `The distilled student makes ${counted(distilled, 'error')} on ${counted(of, 'test sample')}, ${compared} on labels alone`;
  if (distilled <= hard) return sentence;
  return teachers >= hard
    ? `${sentence}: the teacher knows no more than that student, train it for longer or give a better one`
    : `${sentence}: try more epochs, or a temperature from 2 to 8`;
}

function isAbort(error: unknown): boolean {
  return error instanceof DistillError && error.code === 'aborted';
}

let workshop: Workshop | undefined;

async function obey(message: ToWorkshop): Promise<void> {
  if (message.kind === 'open') workshop = await Workshop.open();
  else if (!workshop) throw new Error(`the workshop isn't open yet: ${message.kind}`);
  else if (message.kind === 'read') await workshop.read(message);
  else if (message.kind === 'start') await workshop.start(message.settings);
  else if (message.kind === 'save') await workshop.save(message.format);
  else workshop.stop();
}

scope.onmessage = ({ data }) => {
  obey(data).catch((error) => {
    const message = sentenceOf(error);
    say(workshop ? { kind: 'alert', message } : { kind: 'failure', message });
  });
};
