import { work } from './work.js';

console.log(JSON.stringify(await work(new URL('./public/student.safetensors', import.meta.url))));
