import { DistillError } from '../../errors.js';
import type { Thread } from './host.js';
import type { Reply, Request } from './protocol.js';

/** One thread with its requests and replies, in order. Its death rejects the pending request and every later one. */
export class Member {
  #waiting: { resolve: (value: number | Uint8Array | undefined) => void; reject: (error: Error) => void }[] =
    [];
  #dead: DistillError | undefined;
  #closing = false;
  #lock: Promise<void> = Promise.resolve();
  readonly ready: Promise<void>;

  constructor(
    readonly index: number,
    private readonly thread: Thread,
  ) {
    this.ready = new Promise((resolve, reject) => {
      thread.onDeath((why) => {
        this.#die(why);
        reject(this.#dead);
      });
      thread.onMessage((message) => {
        if (message === 'ready') resolve();
        else this.#answered(message as Reply);
      });
    });
    // Awaited by start(); a later death is reported through ask().
    this.ready.catch(() => {});
  }

  ask(request: Request): Promise<number | Uint8Array | undefined> {
    if (this.#dead) return Promise.reject(this.#dead);
    this.thread.keepAlive(true);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.thread.post(request);
    });
  }

  idle(): void {
    if (this.#waiting.length === 0) this.thread.keepAlive(false);
  }

  /** Holds the member for one run at a time; otherwise two runs that share members would deadlock. */
  async lock(): Promise<() => void> {
    const before = this.#lock;
    let release!: () => void;
    this.#lock = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }

  async terminate(): Promise<void> {
    this.#closing = true;
    this.#die('the engine was closed');
    await this.thread.terminate();
  }

  #answered(reply: Reply): void {
    const question = this.#waiting.shift();
    this.idle();
    if (reply.ok) question?.resolve(reply.value);
    else question?.reject(new DistillError('worker', `thread ${this.index} failed: ${reply.message}`));
  }

  #die(why: string): void {
    this.#dead ??= new DistillError('worker', this.#closing ? why : `thread ${this.index} died: ${why}`);
    for (const question of this.#waiting.splice(0)) question.reject(this.#dead);
  }
}
