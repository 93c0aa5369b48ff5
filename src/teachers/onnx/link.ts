import type { Thread } from '../../backends/wasm/host.js';
import { aborted, DistillError } from '../../errors.js';
import type { Reply, Request } from './worker/protocol.js';

type Answer = Extract<Reply, { ok: true }>;

interface Question {
  readonly kind: Request['kind'];
  resolve(answer: Answer): void;
  reject(error: DistillError): void;
}

/** After these the runtime's memory is in a state that nobody knows. */
const TRAP = /unreachable|out of bounds|indirect call|table index|stack|Aborted\(|RuntimeError/i;
/** Its script is there, but what that loads isn't. */
const BACKEND = /no available backend/i;
const MEMORY = /bad_alloc|out of memory|allocation failed|failed to allocate|buffer.*allocat|memory.*grow/i;

/** A worker that runs a graph, with its requests and replies in order. It ends with the first that it can't get over. */
export class Link {
  readonly #waiting: Question[] = [];
  #dead: DistillError | undefined;

  constructor(
    private readonly thread: Thread,
    /** What sentences call the model. */
    private readonly name: string,
    /** Where the runtime was looked for and how it is installed, as the end of a sentence. */
    private readonly remedy: string,
  ) {
    thread.onDeath((why) =>
      this.#die(new DistillError('worker', `the worker that runs ${name} died: ${why}`)),
    );
    thread.onMessage((message) => this.#answered(message as Reply));
  }

  /** When the signal is aborted meanwhile, the worker's answer is for nobody. */
  ask(request: Request, signal?: AbortSignal): Promise<Answer> {
    if (this.#dead) return Promise.reject(this.#dead);
    if (signal?.aborted) return Promise.reject(this.#stopped(signal));
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.#stopped(signal));
      const over = () => signal?.removeEventListener('abort', stop);
      signal?.addEventListener('abort', stop, { once: true });
      this.#waiting.push({
        kind: request.kind,
        resolve: (answer) => {
          over();
          resolve(answer);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      });
      this.thread.keepAlive(true);
      this.thread.post(request);
    });
  }

  async close(): Promise<void> {
    this.#die(new DistillError('bad-argument', `${this.name} was closed: make the teacher anew`));
    await this.thread.terminate();
  }

  #answered(reply: Reply): void {
    const question = this.#waiting.shift();
    if (this.#waiting.length === 0) this.thread.keepAlive(false);
    if (!question) return;
    if (reply.ok) question.resolve(reply);
    else {
      const error = this.#failure(reply);
      question.reject(error);
      if (error.code === 'worker') void this.#end(error);
    }
  }

  async #end(error: DistillError): Promise<void> {
    this.#die(error);
    await this.thread.terminate();
  }

  #failure({ what, message }: Extract<Reply, { ok: false }>): DistillError {
    const { name } = this;
    const reason = message.replace(/\s+/g, ' ').trim().slice(0, 300);
    if (what === 'absent') return new DistillError('missing', `${name} needs ${this.remedy} (${reason})`);
    if (BACKEND.test(message))
      return new DistillError(
        'missing',
        `${name}: onnxruntime can't start here (${reason}): its .wasm must be served beside its script, and a Content-Security-Policy needs 'wasm-unsafe-eval'`,
      );
    if (MEMORY.test(message))
      return new DistillError(
        'memory',
        `${name} takes more memory than its worker has (${reason}): ask for fewer samples at once, by the option batch`,
      );
    if (TRAP.test(message))
      return new DistillError(
        'worker',
        `the worker that runs ${name} broke (${reason}): make the teacher anew`,
      );
    return what === 'refused'
      ? new DistillError('bad-file', `${name} is refused by onnxruntime (${reason})`)
      : new DistillError('mismatch', `${name} can't take these samples: onnxruntime says ${reason}`);
  }

  #stopped(signal: AbortSignal | undefined): DistillError {
    return aborted(`${this.name} was stopped`, signal);
  }

  #die(error: DistillError): void {
    this.#dead ??= error;
    for (const question of this.#waiting.splice(0)) question.reject(this.#dead);
  }
}
