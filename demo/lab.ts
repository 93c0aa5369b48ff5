/**
 * The worker that everything but drawing happens in: it keeps the data, the networks and the engines, whose threads are
 * workers of its own. The page's main thread never waits for any of it.
 */
import {
  createEngine,
  type Dataset,
  DistillError,
  decodeModel,
  type Engine,
  encodeModel,
  evaluate,
  type TrainedModel,
  weightsSha256,
} from 'wasm-distill';
import { sampleAt } from 'wasm-distill/data';
import { shorthandOf } from 'wasm-distill/graph';
import { classify, soften, untrainedTeachers } from './classify.ts';
import { Engines, whyNoGpu } from './engines.ts';
import { latest } from './latest.ts';
import { layersToSee } from './layers.ts';
import { DigitViewer } from './maps-of.ts';
import type { Answers, Classifier, FromLab, Phase, Question, ToLab } from './messages.ts';
import { fetchMnist } from './mnist.ts';
import { type Listener, type Run, runDistillation, tellSaved } from './run.ts';
import { Saved } from './saved.ts';
import { type Settings, teacherCount } from './settings.ts';

/** Test images, one of each digit, that teachers are right but not quite certain about. */
const DIGITS = [804, 956, 244, 18, 65, 412, 217, 175, 233, 92];

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToLab>) => void;
  postMessage(message: FromLab): void;
};
const say = (message: FromLab) => scope.postMessage(message);

class Lab {
  #models = new Map<string, TrainedModel>();
  #running: AbortController | undefined;
  #discard = false;
  /** Of the teacher and of the student. */
  #viewers: readonly [DigitViewer, DigitViewer] | undefined;
  #untrained: { of: string; models: Promise<TrainedModel[]> } | undefined;

  private constructor(
    private readonly mnist: { train: Dataset; test: Dataset },
    private readonly saved: Saved,
    /** Train. */
    private readonly engines: Engines,
    /** Answers questions, also while another one trains. */
    private readonly desk: Engine,
  ) {}

  static async open(mnistAddress: string): Promise<Lab> {
    const onRefused = (why: string) =>
      say({
        kind: 'notice',
        message: `This browser doesn't let the page store the training (${why}). It goes on, but is lost when the page is closed.`,
      });
    const engines = new Engines();
    const [engine, desk, noGpu, mnist, saved] = await Promise.all([
      engines.of('wasm'),
      createEngine({ threads: 1 }),
      whyNoGpu(),
      fetchMnist(mnistAddress, (share) => say({ kind: 'fetching', share })),
      Saved.open(onRefused),
    ]);
    const lab = new Lab(mnist, saved, engines, desk);
    say({ kind: 'engine', report: engine.report() });
    say({ kind: 'opened', digits: DIGITS.map((index) => lab.#testImage(index)), noGpu });
    return lab;
  }

  /** Takes up the run that an earlier page left; a paused one stays paused. */
  async takeUp(): Promise<void> {
    const { run } = this.saved;
    if (!run) return this.#enter('ready', undefined);
    try {
      await tellSaved(await this.#engine(run.settings), this.#run(run.settings));
    } catch (error) {
      await this.saved.clear();
      say({ kind: 'notice', message: `The saved training is dropped: ${messageOf(error)}.` });
      return this.#enter('ready', undefined);
    }
    if (run.paused) this.#enter('paused', run.settings);
    else await this.#go(run.settings);
  }

  async start(settings: Settings): Promise<void> {
    await this.saved.clear();
    for (const name of this.#models.keys()) if (name !== 'loaded') this.#models.delete(name);
    await this.saved.setRun({ settings, paused: false });
    await this.#go(settings);
  }

  pause(): void {
    this.#running?.abort();
  }

  async continue(): Promise<void> {
    const { settings } = this.saved.run!;
    await this.saved.setRun({ settings, paused: false });
    await this.#go(settings);
  }

  /** What was learned stays to be tried out, but can't be continued. */
  async stop(): Promise<void> {
    if (this.#running) {
      this.#discard = true;
      this.#running.abort();
    } else await this.#drop();
  }

  answer(question: Question): Promise<Answers[keyof Answers]> {
    switch (question.kind) {
      case 'classify':
        return classify(this.desk, this.#classifiers(), question.image);
      case 'soften':
        return this.#soften(question);
      case 'save':
        return this.#save();
      case 'load':
        return this.#load(question);
    }
  }

  async #go(settings: Settings): Promise<void> {
    this.#running = new AbortController();
    this.#enter('running', settings);
    try {
      const { hard, distilled } = await runDistillation(
        await this.#engine(settings),
        this.#run(settings),
        this.#running.signal,
      );
      say({
        kind: 'hashes',
        hard: await weightsSha256(hard),
        distilled: await weightsSha256(distilled),
      });
      this.#enter('finished', settings);
    } catch (error) {
      if (!isAbort(error)) await this.#recover(error, settings);
      if (this.#discard) await this.#drop();
      else {
        await this.saved.setRun({ settings, paused: true });
        this.#enter('paused', settings);
      }
    } finally {
      this.#running = undefined;
      this.#discard = false;
    }
  }

  /** The one that computes by these settings, which the page is told. Runs saved by earlier pages don't say. */
  async #engine({ backend = 'wasm' }: Partial<Settings>): Promise<Engine> {
    const engine = await this.engines.of(backend);
    say({ kind: 'engine', report: engine.report() });
    return engine;
  }

  /** A thread that failed takes its engine with it, as does a lost GPU; a new one can go on from what was saved. */
  async #recover(error: unknown, { backend = 'wasm' }: Partial<Settings>): Promise<void> {
    say({ kind: 'failure', message: messageOf(error) });
    await this.engines.drop(backend);
  }

  async #drop(): Promise<void> {
    const settings = this.saved.run?.settings;
    await this.saved.clear();
    this.#enter('ready', settings);
  }

  #enter(phase: Phase, settings: Settings | undefined): void {
    say({ kind: 'phase', phase, settings });
  }

  #run(settings: Settings): Run {
    const listener: Listener = {
      stage: (stage) => say({ kind: 'stage', stage }),
      progress: (job, samples, totalSamples) => say({ kind: 'progress', job, samples, totalSamples }),
      learned: (name, model, points, confusion) => {
        this.#models.set(name, model);
        say({ kind: 'learned', name, points, confusion });
        if (name === 'distilled' || name === 'hints') this.#look(settings);
      },
      taught: (errors, confusion) => say({ kind: 'taught', errors, confusion }),
    };
    return { settings, mnist: this.mnist, saved: this.saved, listener };
  }

  /** Tells where teacher and student look, if that can be seen; while it is asked, epochs may be skipped. */
  #look = latest(async (settings: Settings) => {
    const pair = layersToSee(settings);
    const teacher = this.#models.get('teacher 1');
    const student = this.#models.get('distilled') ?? this.#models.get('hints');
    if (!pair || !teacher || !student) return;
    this.#viewers ??= this.#madeViewers();
    const [theirs, own] = this.#viewers;
    try {
      say({
        ...{ kind: 'maps', teaching: settings.teaching },
        teacher: await theirs.look(teacher, pair.teacher),
        student: await own.look(student, pair.student),
      });
    } catch (error) {
      say({ kind: 'notice', message: `The maps weren't drawn: ${messageOf(error)}.` });
    }
  });

  #madeViewers(): readonly [DigitViewer, DigitViewer] {
    const digits = DIGITS.map((index) => this.#testImage(index));
    return [new DigitViewer(this.desk, digits), new DigitViewer(this.desk, digits)];
  }

  #classifiers(): Map<Classifier, TrainedModel[]> {
    const found = new Map<Classifier, TrainedModel[]>();
    const teachers = this.#teachers();
    if (teachers) found.set('teachers', teachers);
    for (const who of ['distilled', 'hard', 'loaded'] as const) {
      const model = this.#models.get(who);
      if (model) found.set(who, [model]);
    }
    return found;
  }

  #teachers(): TrainedModel[] | undefined {
    const models = [...this.#models].filter(([name]) => name.startsWith('teacher')).map(([, model]) => model);
    return models.length > 0 ? models : undefined;
  }

  async #soften({
    digit,
    temperature,
    settings,
  }: Extract<Question, { kind: 'soften' }>): Promise<Answers['soften']> {
    const of = `${teacherCount(settings)} × ${settings.teacher}`;
    if (this.#untrained?.of !== of)
      this.#untrained = { of, models: untrainedTeachers(this.desk, settings, this.mnist.train) };
    const image = this.#testImage(DIGITS[digit]!);
    return soften(this.desk, await this.#untrained.models, this.#teachers(), image, temperature);
  }

  async #save(): Promise<Uint8Array> {
    const student = this.#models.get('distilled');
    if (!student) throw new DistillError('missing', 'there is no distilled student yet: train one first');
    return encodeModel(student);
  }

  async #load({ name, bytes }: Extract<Question, { kind: 'load' }>): Promise<Answers['load']> {
    const { model } = decodeModel(bytes, name);
    const { errors, confusion } = await evaluate(this.desk, model, this.mnist.test);
    this.#models.set('loaded', model);
    return { network: shorthandOf(model.architecture, { names: false }), errors, confusion };
  }

  #testImage(index: number): Uint8Array {
    return Uint8Array.from(sampleAt(this.mnist.test, index));
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DistillError && error.code === 'aborted';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function answer(lab: Lab, id: number, question: Question): Promise<void> {
  try {
    say({ kind: 'answer', id, value: await lab.answer(question) });
  } catch (error) {
    say({ kind: 'refusal', id, message: messageOf(error) });
  }
}

let lab: Lab | undefined;

async function obey(message: ToLab): Promise<void> {
  if (message.kind === 'open') {
    lab = await Lab.open(message.mnist);
    await lab.takeUp();
  } else if (!lab) throw new Error(`the lab isn't open yet: ${message.kind}`);
  else if (message.kind === 'ask') await answer(lab, message.id, message.question);
  else if (message.kind === 'start') await lab.start(message.settings);
  else await lab[message.kind]();
}

scope.onmessage = ({ data }) => {
  obey(data).catch((error) => say({ kind: 'failure', message: messageOf(error) }));
};
