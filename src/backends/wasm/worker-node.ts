import { parentPort } from 'node:worker_threads';
import { createMember } from './member.js';
import type { Request } from './protocol.js';

/** A member of a team in a worker_thread. */
const member = createMember();
parentPort?.on('message', (request: Request) => parentPort?.postMessage(member(request)));
parentPort?.postMessage('ready');
