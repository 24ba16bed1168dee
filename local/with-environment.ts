import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endUnstarted } from './cannot-start';
import { readRunning, stateDir, withoutAws } from './environment';
import { exitWithParent } from './supervisor';

// Runs a command of the product. It uses the settings of the environment if there are any, otherwise those of the running
// embedded stack.
const [script, ...args] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const dir = stateDir(process.env, root);
const running = process.env.DATABASE_URL ? null : await readRunning(dir).catch(endUnstarted);

if (!script || (!running && !process.env.DATABASE_URL)) {
  console.error(
    script
      ? 'Annex is not running. Start it with npm start, then run this command again.'
      : 'Specify the script to run.',
  );
  process.exit(1);
}
const child = spawn(process.execPath, [exitWithParent, '--import', 'tsx', join(root, script), ...args], {
  env: { LOG_LEVEL: 'warn', ...(running ? withoutAws(process.env) : process.env), ...running?.environment },
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
