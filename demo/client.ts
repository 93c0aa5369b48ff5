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

  private constructor(
    private readonly worker: Worker,
    onNews: (news: News) => void,
  ) {
    worker.onmessage = ({ data }: MessageEvent<FromLab>) => {
      if (data.kind === 'answer') this.#take(data.id).resolve(data.value as never);
      else if (data.kind === 'refusal') this.#take(data.id).reject(new Error(data.message));
      else onNews(data);
    };
  }

  /** Starts the lab's worker; where that isn't allowed or breaks, `onNews` is told as of any other failure. */
  static start(onNews: (news: News) => void): Client | undefined {
    try {
      const worker = new Worker(new URL('./lab.ts', import.meta.url), { type: 'module' });
      worker.onerror = (event) => {
        event.preventDefault();
        onNews({ kind: 'failure', message: event.message || BLOCKED });
      };
      return new Client(worker, onNews);
    } catch (error) {
      onNews({ kind: 'failure', message: `${BLOCKED} (${error})` });
      return undefined;
    }
  }

  send(message: Exclude<ToLab, { kind: 'ask' }>): void {
    this.worker.postMessage(message);
  }

  ask<K extends Question['kind']>(question: Extract<Question, { kind: K }>): Promise<Answers[K]> {
    const id = this.#questions++;
    return new Promise<Answers[K]>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.worker.postMessage({ kind: 'ask', id, question } satisfies ToLab);
    });
  }

  #take(id: number): Waiting {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    return waiting;
  }
}

const BLOCKED =
  "The browser could not start the worker that trains: its script is blocked by a Content-Security-Policy or missing. Let the host allow worker-src 'self'.";
