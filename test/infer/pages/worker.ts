import { attempt } from './attempt.ts';

postMessage(await attempt());
