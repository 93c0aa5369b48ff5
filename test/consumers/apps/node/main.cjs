const { pathToFileURL } = require('node:url');
const { work } = require('./work.js');

work(pathToFileURL('public/student.safetensors')).then((outcome) => console.log(JSON.stringify(outcome)));
