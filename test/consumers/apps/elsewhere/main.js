import { show } from './show.js';

const own = new URLSearchParams(location.search).has('own');
show(own ? { worker: `worker.js${location.search}` } : {});
