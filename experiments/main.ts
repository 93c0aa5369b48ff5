import { type Program, runProgram } from '../cli/terminal/program.ts';
import { reproduceCommand } from './command.ts';
import { PAPERS } from './papers.ts';
import { COMMAND } from './places.ts';

const program: Program = {
  name: 'reproduce',
  define: (command, context) => reproduceCommand(command.name(COMMAND), PAPERS, context),
  help: () => `${COMMAND} --help`,
  continued: () => '; the same command continues',
};

await runProgram(program, process.argv.slice(2));
