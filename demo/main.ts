import type { EngineReport } from 'wasm-distill';
import { whenAlone } from './alone.ts';
import { Client, type News } from './client.ts';
import { ConfusionMatrix } from './confusion.ts';
import { drawCurves } from './curves.ts';
import { asMnist } from './digit.ts';
import { byId, count, element } from './dom.ts';
import { drawingCanvas } from './draw.ts';
import { studentFiles } from './files.ts';
import { SettingsForm } from './form.ts';
import { paintDigit } from './image.ts';
import { latest, paced } from './latest.ts';
import type { Phase } from './messages.ts';
import { notice } from './notices.ts';
import { Progress } from './progress.ts';
import type { Stage } from './run.ts';
import type { Point } from './saved.ts';
import { STUDENT_EPOCHS } from './settings.ts';
import { SoftTargets } from './soft-targets.ts';
import { Tiles } from './tiles.ts';
import { Verdicts } from './verdicts.ts';

/** A network, or the teachers together, as last tested. */
interface Tested {
  points: readonly Point[];
  errors: number;
  confusion: number[][];
}

let client: Client | undefined;
let phase: Phase = 'loading';
let drawn: Uint8Array | undefined;
const tested = new Map<string, Tested>();

const progress = new Progress();
const tiles = new Tiles();
const verdicts = new Verdicts();
const matrices = new Map([
  ['distilled', new ConfusionMatrix('Distilled student', 'distilled')],
  ['hard', new ConfusionMatrix('Student on labels', 'hard')],
  ['ensemble', new ConfusionMatrix('Teachers together', 'ensemble')],
  ['loaded', new ConfusionMatrix('Student from a file', 'loaded')],
]);
const form = new SettingsForm((changed) => {
  if (changed === 'temperature') softTargets.lookAt(form.read().temperature);
  else softTargets.refresh();
});
const softTargets = new SoftTargets(() => form.read());

function onNews(news: News): void {
  switch (news.kind) {
    case 'fetching':
      progress.report('images', news.share, 1);
      break;
    case 'opened':
      showMachine(news.report);
      softTargets.open(client!, news.digits);
      break;
    case 'phase':
      if (news.settings) form.write(news.settings);
      enter(news.phase);
      break;
    case 'stage':
      progress.begin(...stageTitle(news.stage));
      break;
    case 'progress':
      progress.report(news.job, news.samples, news.totalSamples);
      break;
    case 'learned':
      learned(news.name, { ...news, errors: news.points.at(-1)!.errors });
      break;
    case 'taught':
      learned('ensemble', { ...news, points: [] });
      break;
    case 'hashes':
      byId('hash-distilled').textContent = news.distilled;
      byId('hash-hard').textContent = news.hard;
      break;
    case 'notice':
      notice('status', news.message);
      break;
    case 'failure':
      failed(news.message);
      break;
  }
  redraw();
}

function enter(next: Phase): void {
  phase = next;
  byId('pause').textContent = phase === 'paused' ? 'Continue' : 'Pause';
  const active = phase === 'running' || phase === 'paused';
  form.locked = active || phase === 'loading';
  enable('start', phase === 'ready' || phase === 'finished');
  enable('pause', active);
  enable('stop', active);
  enable('load', phase !== 'loading');
  if (phase === 'ready') progress.end('Ready', 'Press Start, or choose other settings first.');
  if (phase === 'paused')
    progress.end('Paused', 'The page may be closed: it goes on from here when it is opened again.');
  if (phase === 'finished') progress.end(...outcome());
}

function stageTitle(stage: Stage): [title: string, jobs: number] {
  const { teachers, images } = form.read();
  switch (stage) {
    case 'teachers':
      return [
        `1 of 3: ${teachers === 1 ? 'the teacher learns' : 'teachers learn'} from 60,000 digits`,
        teachers,
      ];
    case 'soft targets':
      return ['2 of 3: the teachers say how sure they are', 2];
    case 'students':
      return [`3 of 3: both students learn from ${count(images)} digits`, 2];
  }
}

/** What came out, and what it came from. */
function outcome(): [title: string, detail: string] {
  const [distilled, hard] = [tested.get('distilled')!.errors, tested.get('hard')!.errors];
  const gap = Math.abs(hard - distilled);
  const compared = gap === 0 ? 'as many as' : `${count(gap)} ${hard > distilled ? 'fewer' : 'more'} than`;
  return [
    `The distilled student makes ${count(distilled)} errors, ${compared} the student on labels`,
    `Both saw the same ${count(form.read().images)} digits, for as long; the teachers saw 60,000.`,
  ];
}

function learned(name: string, result: Tested): void {
  tested.set(name, result);
  if (name.startsWith('teacher')) softTargets.refresh();
  classifyDrawn(undefined);
}

function failed(message: string): void {
  notice(
    'alert',
    `${phase === 'loading' ? 'The demo can’t run here' : 'The training was interrupted'}: ${message}`,
  );
  if (phase === 'loading') progress.end('Stopped');
}

/** Forgets the last training before a new one. */
function start(): void {
  for (const name of [...tested.keys()]) if (name !== 'loaded') tested.delete(name);
  byId('hash-distilled').textContent = '–';
  byId('hash-hard').textContent = '–';
  client?.send({ kind: 'start', settings: form.read() });
  redraw();
}

const redraw = paced(() => {
  // First, since it asks how wide the page has made it: after other changes that would cost a layout.
  const curve = (name: 'distilled' | 'hard', title: string) => ({
    title,
    role: name,
    points: tested.get(name)?.points ?? [],
  });
  drawCurves(
    byId('curves'),
    [curve('hard', 'on labels'), curve('distilled', 'distilled')],
    STUDENT_EPOCHS,
    tested.get('ensemble')?.errors,
  );
  progress.draw();
  for (const tile of ['distilled', 'hard', 'ensemble'] as const) tiles.show(tile, tested.get(tile)?.errors);
  for (const [name, matrix] of matrices) matrix.show(tested.get(name)?.confusion);
  matrices.get('loaded')!.root.hidden = !tested.has('loaded');
  enable('save', tested.has('distilled'));
  byId('teachers-list').replaceChildren(...teacherLines());
});

function teacherLines(): HTMLElement[] {
  return [...tested]
    .filter(([name]) => name.startsWith('teacher'))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, { points, errors }]) =>
      element('li', {}, `${name}: ${count(errors)} errors after epoch ${points.length}`),
    );
}

function showMachine({ threads, simd, sharedMemory, reason }: EngineReport): void {
  byId('fact-threads').textContent = `${threads} (${reason})`;
  byId('fact-backend').textContent =
    `WebAssembly${simd ? ' with SIMD' : ''}${sharedMemory ? ', shared memory' : ', one worker'}`;
}

const classifyDrawn = latest(async () => {
  const answers =
    client && drawn ? await client.ask({ kind: 'classify', image: drawn }).catch(() => ({})) : {};
  verdicts.show(answers);
});

function enable(button: string, enabled: boolean): void {
  byId<HTMLButtonElement>(button).disabled = !enabled;
}

byId('confusions').append(...[...matrices.values()].map(({ root }) => root));
byId('settings').addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
byId('pause').addEventListener('click', () =>
  client?.send({ kind: phase === 'paused' ? 'continue' : 'pause' }),
);
byId('stop').addEventListener('click', () => client?.send({ kind: 'stop' }));
drawingCanvas((ink, side) => {
  drawn = asMnist({ ink, width: side, height: side });
  paintDigit(byId<HTMLCanvasElement>('seen'), drawn ?? new Uint8Array(28 * 28));
  classifyDrawn(undefined);
});
studentFiles(
  () => client,
  (student) => {
    learned('loaded', { ...student, points: [] });
    redraw();
  },
);
new ResizeObserver(redraw).observe(byId('curves'));
let wasHidden = false;
document.addEventListener('visibilitychange', () => {
  if (document.hidden) wasHidden = phase === 'running';
  else if (wasHidden) notice('status', 'Training went on while this tab was hidden.');
});

progress.begin('Loading MNIST', 1);
whenAlone(() => {
  client = Client.start(onNews);
  client?.send({ kind: 'open', mnist: new URL('mnist/', document.baseURI).href });
});
