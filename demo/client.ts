import type { Answers, FromLab, Question, ToLab } from './messages.ts';

export type News = Exclude<FromLab, { kind: 'answer' | 'refusal' }>;

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

/** The page's end of the lab. */
export class Client {
  #questions = 0;
  #waiting = new Map<number, Waiting>();

  #worker: Worker | undefined;

  /** Starts the lab's worker; where that isn't allowed or breaks, `onNews` is told as of any other failure. */
  constructor(onNews: (news: News) => void) {
    this.#worker = startWorker<FromLab>(
      () => new Worker(new URL('./lab.ts', import.meta.url), { type: 'module' }),
      {
        onMessage: (message) => {
          if (message.kind === 'answer') this.#take(message.id).resolve(message.value as never);
          else if (message.kind === 'refusal') this.#take(message.id).reject(new Error(message.message));
          else onNews(message);
        },
        onFailure: (message) => onNews({ kind: 'failure', message }),
      },
    );
  }

  send(message: Exclude<ToLab, { kind: 'ask' }>): void {
    this.#worker?.postMessage(message);
  }

  ask<K extends Question['kind']>(question: Extract<Question, { kind: K }>): Promise<Answers[K]> {
    if (!this.#worker) return Promise.reject(new Error(BLOCKED));
    const id = this.#questions++;
    return new Promise<Answers[K]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ kind: 'ask', id, question } satisfies ToLab);
    });
  }

  #take(id: number): Waiting {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    return waiting;
  }
}

/** Starts a worker; where that isn't allowed or breaks, `onFailure` is told why. */
export function startWorker<Message>(
  make: () => Worker,
  told: { onMessage: (message: Message) => void; onFailure: (message: string) => void },
): Worker | undefined {
  try {
    const worker = make();
    worker.onmessage = ({ data }: MessageEvent<Message>) => told.onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      told.onFailure(event.message || BLOCKED);
    };
    return worker;
  } catch (error) {
    told.onFailure(`${BLOCKED} (${error})`);
    return undefined;
  }
}

const BLOCKED =
  "The browser could not start the worker that trains: its script is blocked by a Content-Security-Policy or missing. Let the host allow worker-src 'self'.";
