import { startWorker } from '../client.ts';
import { byId, count } from '../dom.ts';
import { saveFile } from '../files.ts';
import { paced } from '../latest.ts';
import { notice } from '../notices.ts';
import { Progress } from '../progress.ts';
import { SettingsForm } from './form.ts';
import { chosen, dropped } from './given.ts';
import { isData, TEACHER } from './kinds.ts';
import type { Choices, Format, FromWorkshop, Given, GivenTeacher, Prepared, ToWorkshop } from './messages.ts';
import { ReadingControls } from './reading.ts';
import { Table } from './table.ts';
import { showUnderstood } from './understood.ts';

type Phase = 'loading' | 'empty' | 'reading' | 'refused' | 'ready' | 'running';

let workshop: Worker | undefined;
let phase: Phase = 'loading';
let data: Given | undefined;
let teacher: GivenTeacher | undefined;
let asked = 0;
let tests = 0;

const progress = new Progress('samples');
const form = new SettingsForm();
const table = new Table();
const controls = new ReadingControls(read);
const send = (message: ToWorkshop) => workshop?.postMessage(message);

function onNews(news: FromWorkshop): void {
  switch (news.kind) {
    case 'opened':
      enter('empty');
      progress.end('Ready for data', `${count(news.threads)} threads (${news.reason})`);
      break;
    case 'understood':
      if (news.number === asked) understood(news);
      break;
    case 'refused':
      if (news.number === asked) refused(news);
      break;
    case 'stage':
      progress.begin(news.title, news.jobs);
      break;
    case 'progress':
      progress.report(news.job, news.samples, news.totalSamples);
      break;
    case 'row':
      table.set(news.row);
      break;
    case 'finished':
      finished(news);
      break;
    case 'stopped':
      enter('ready');
      progress.end('Stopped', 'Distill goes on from here; with other settings it begins anew.');
      break;
    case 'saved':
      saveFile(news.name, news.bytes);
      break;
    case 'notice':
      notice('status', news.message);
      break;
    case 'alert':
      notice('alert', `That didn’t work: ${news.message}`);
      break;
    case 'failure':
      failed(news.message);
      break;
  }
  redraw();
}

function failed(message: string): void {
  notice('alert', `This page can’t run here: ${message}`);
  progress.end('Stopped');
}

function enter(next: Phase): void {
  phase = next;
  const busy = phase === 'loading' || phase === 'running';
  for (const button of ['choose-data', 'choose-folder', 'choose-teacher', 'remove-teacher'])
    enable(button, !busy);
  enable('start', phase === 'ready');
  enable('stop', phase === 'running');
  form.locked = phase !== 'ready';
  byId<HTMLFieldSetElement>('reading').disabled = busy;
}

/** Takes data or a teacher, whichever way they were given, and asks what they are. */
function take(given: Given): void {
  if (phase === 'loading' || phase === 'running' || given.files.length === 0) return;
  const teachers = given.files.filter(({ path }) => TEACHER.test(path));
  const others = given.files.filter(
    ({ path }) => !TEACHER.test(path) && (teachers.length === 0 || isData(path)),
  );
  if (teachers.length > 0) setTeacher(teacherOf(given));
  if (others.length > 0) {
    const name = teachers.length > 0 && others.length === 1 ? others[0]!.path : given.name;
    data = { name, files: others };
    byId('data-name').textContent = name;
    controls.reset();
  }
  read();
}

/** The first model; what isn't data may hold its weights. */
function teacherOf({ files }: Given): GivenTeacher {
  const { source: file } = files.find(({ path }) => TEACHER.test(path)) ?? files[0]!;
  const beside = files.filter(({ path }) => !TEACHER.test(path) && !isData(path));
  return { file, beside: beside.map(({ source }) => source) };
}

function setTeacher(given: GivenTeacher | undefined): void {
  teacher = given;
  const file = given?.file;
  byId<HTMLSelectElement>('layout').value = '';
  byId('layout-field').hidden = true;
  byId('teacher-name').textContent = file?.name ?? 'None: trained here';
  byId('remove-teacher').hidden = !file;
  byId('prepared').hidden = !file || !/\.onnx$/i.test(file.name);
  form.hasTeacher = file !== undefined;
}

/** Has what was given read, as it is now to be read. */
function read(): void {
  if (!data) return;
  asked++;
  byId('refusal').textContent = '';
  byId('understood-status').textContent = `Reading ${data.name} …`;
  enter('reading');
  forget();
  const prepared = { ...numbersIn('mean'), ...numbersIn('std'), ...layoutChosen() };
  send({ kind: 'read', number: asked, data, reading: controls.read(), teacher, prepared });
}

function understood({ understood: found, choices }: Extract<FromWorkshop, { kind: 'understood' }>): void {
  const { facts, defaults } = found;
  byId('understood-status').textContent = 'Look at it before you press Distill.';
  showUnderstood(found);
  byId('understood').hidden = false;
  offer(choices, facts.label);
  form.propose(defaults);
  tests = facts.samples.test ?? 0;
  enter('ready');
  progress.end('Ready', 'Press Distill, or choose other settings first.');
}

function refused({ message, choices }: Extract<FromWorkshop, { kind: 'refused' }>): void {
  byId('understood-status').textContent = '';
  byId('refusal').textContent = `That can’t be used: ${message}`;
  byId('understood').hidden = true;
  offer(choices);
  enter('refused');
  progress.end('Ready for data');
}

function offer(choices: Choices, label?: string | null): void {
  controls.offer(choices, label);
  byId('layout-field').hidden = !choices.layout;
}

function start(): void {
  forget();
  table.begin(tests);
  enter('running');
  send({ kind: 'start', settings: form.read() });
}

/** What stands in a field of numbers, if anything does. */
function numbersIn(name: 'mean' | 'std'): Prepared {
  const words = byId<HTMLInputElement>(name)
    .value.split(/[\s,;]+/)
    .filter((word) => word !== '');
  return words.length > 0 ? { [name]: words.map(Number) } : {};
}

function layoutChosen(): Prepared {
  const { value } = byId<HTMLSelectElement>('layout');
  return value === 'nchw' || value === 'nhwc' ? { layout: value } : {};
}

/** What was trained before isn't of these data or settings. */
function forget(): void {
  table.begin(tests);
  table.draw();
  enable('save-safetensors', false);
  enable('save-onnx', false);
  enable('copy', false);
  byId('snippet').firstElementChild!.textContent = '–';
  byId('hash').textContent = '–';
}

function finished({ outcome, snippet, sha256 }: Extract<FromWorkshop, { kind: 'finished' }>): void {
  enter('ready');
  table.draw(); // At once: what the sentence tells mustn't differ from what stands beside it.
  progress.end(outcome, 'Both students are the same network, trained for as long on the same samples.');
  byId('snippet').firstElementChild!.textContent = snippet;
  byId('hash').textContent = sha256;
  enable('save-safetensors', true);
  enable('save-onnx', true);
  enable('copy', true);
}

const redraw = paced(() => {
  table.draw();
  progress.draw();
});

function enable(button: string, enabled: boolean): void {
  byId<HTMLButtonElement>(button).disabled = !enabled;
}

/** A button that opens the browser's choice of files. */
function chooser(button: string, input: string, onChosen: (given: Given) => void): void {
  const control = byId<HTMLInputElement>(input);
  byId(button).addEventListener('click', () => control.click());
  control.addEventListener('change', () => {
    if (control.files && control.files.length > 0) onChosen(chosen(control.files));
    control.value = '';
  });
}

chooser('choose-data', 'data', take);
chooser('choose-folder', 'folder', take);
chooser('choose-teacher', 'teacher-file', (given) => {
  setTeacher(teacherOf(given));
  read();
});
byId('remove-teacher').addEventListener('click', () => {
  setTeacher(undefined);
  byId('choose-teacher').focus();
  read();
});
byId('settings').addEventListener('submit', (event) => {
  event.preventDefault();
  start();
});
byId('stop').addEventListener('click', () => {
  enable('stop', false);
  send({ kind: 'stop' });
});
const save = (format: Format) => () => send({ kind: 'save', format });
byId('save-safetensors').addEventListener('click', save('safetensors'));
byId('save-onnx').addEventListener('click', save('onnx'));
byId('prepared').addEventListener('change', read);
byId('copy').addEventListener('click', async () => {
  const { textContent } = byId('snippet');
  const copied = await navigator.clipboard.writeText(textContent).then(
    () => true,
    () => false,
  );
  byId('copied').textContent = copied ? 'Copied.' : 'The browser refuses: select the lines and copy them.';
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dragging');
});
document.addEventListener('dragleave', () => document.body.classList.remove('dragging'));
document.addEventListener('drop', async (event) => {
  event.preventDefault();
  document.body.classList.remove('dragging');
  if (event.dataTransfer) take(await dropped(event.dataTransfer));
});

progress.begin('Loading', 1);
workshop = startWorker<FromWorkshop>(
  () => new Worker(new URL('./workshop.ts', import.meta.url), { type: 'module' }),
  { onMessage: onNews, onFailure: failed },
);
send({ kind: 'open' });
