import { createMember } from './member.js';
import type { Request } from './protocol.js';

/** A member of a team in a browser's module Worker. */
const member = createMember();
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(message: unknown): void;
};
scope.onmessage = ({ data }) => scope.postMessage(member(data));
scope.postMessage('ready');
