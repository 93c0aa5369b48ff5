import type { Client } from './client.ts';
import { byId, count, element } from './dom.ts';
import type { Answers } from './messages.ts';
import { notice } from './notices.ts';

/** Saving the distilled student, and loading one by button or by dropping a file anywhere. */
export function studentFiles(
  client: () => Client | undefined,
  onLoaded: (student: Answers['load']) => void,
): void {
  const input = byId<HTMLInputElement>('file');
  byId('load').addEventListener('click', () => input.click());
  byId('save').addEventListener('click', () => client() && save(client()!));
  const load = async (file: File | undefined) => {
    const lab = client();
    if (!file || !lab) return;
    byId('loaded').textContent = `Testing ${file.name} …`;
    try {
      if (file.size > MOST_BYTES)
        throw new Error(`${file.name} has ${count(file.size)} bytes: no student is as large as that`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const student = await lab.ask({ kind: 'load', name: file.name, bytes });
      byId('loaded').textContent = `${file.name}: ${student.network}, ${count(student.errors)} errors`;
      onLoaded(student);
    } catch (error) {
      byId('loaded').textContent = '';
      notice('alert', `The file was not loaded. ${(error as Error).message}.`);
    }
  };
  input.addEventListener('change', () => {
    load(input.files?.[0]);
    input.value = '';
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    load(event.dataTransfer?.files[0]);
  });
}

async function save(client: Client): Promise<void> {
  try {
    const bytes = await client.ask({ kind: 'save' });
    saveFile('student.safetensors', bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    notice('alert', (error as Error).message);
  }
}

/** Gives the person a file, as if it had been downloaded. */
export function saveFile(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  element('a', { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}

const MOST_BYTES = 512 * 2 ** 20;
