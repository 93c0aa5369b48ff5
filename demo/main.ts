import type { EngineReport } from 'wasm-distill';
import { whenAlone } from './alone.ts';
import { AttentionMaps } from './attention.ts';
import { Client, type News } from './client.ts';
import { asMnist } from './digit.ts';
import { byId } from './dom.ts';
import { drawingCanvas } from './draw.ts';
import { studentFiles } from './files.ts';
import { SettingsForm } from './form.ts';
import { paintDigit } from './image.ts';
import { latest, paced } from './latest.ts';
import type { Phase } from './messages.ts';
import { notice } from './notices.ts';
import { Progress } from './progress.ts';
import { Results, type Tested } from './results.ts';
import { SoftTargets } from './soft-targets.ts';
import { Speeds } from './speeds.ts';
import { origin, stageTitle } from './teaching.ts';
import { Verdicts } from './verdicts.ts';

let client: Client | undefined;
let phase: Phase = 'loading';
let drawn: Uint8Array | undefined;

const progress = new Progress('digits', (speed) => {
  speeds.set(form.read().backend, speed);
  byId('fact-speed').textContent = speeds.text;
});
const speeds = new Speeds();
const results = new Results();
const verdicts = new Verdicts();
const attention = new AttentionMaps();
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
      if (news.noGpu) form.refuseGpu(news.noGpu);
      softTargets.open(client!, news.digits);
      attention.open(news.digits);
      break;
    case 'engine':
      showMachine(news.report);
      break;
    case 'phase':
      if (news.settings) form.write(news.settings);
      if (news.phase === 'running') speeds.begin(form.read());
      softTargets.refresh();
      enter(news.phase);
      break;
    case 'stage':
      progress.begin(...stageTitle(news.stage, form.read()));
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
    case 'maps':
      attention.show(news);
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
  if (phase === 'finished') {
    const settings = form.read();
    results.draw(); // At once: what the sentence tells mustn't differ from what stands beside it.
    progress.end(results.outcome(settings.teaching), origin(settings));
  }
}

function learned(name: string, tested: Tested): void {
  results.set(name, tested);
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
  results.forget();
  attention.forget();
  progress.begin('Starting', 1);
  byId('hash-distilled').textContent = '–';
  byId('hash-hard').textContent = '–';
  client?.send({ kind: 'start', settings: form.read() });
  redraw();
}

const redraw = paced(() => {
  results.draw();
  progress.draw();
  enable('save', results.has('distilled'));
});

function showMachine({ backend, adapter, threads, simd, sharedMemory, reason }: EngineReport): void {
  if (backend === 'webgpu') {
    byId('fact-threads').textContent = '–';
    byId('fact-backend').textContent = `WebGPU: ${adapter}`;
    return;
  }
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
  client = new Client(onNews);
  client.send({ kind: 'open', mnist: new URL('mnist/', document.baseURI).href });
});
