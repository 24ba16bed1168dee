import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readRunning, stateDir, withoutAws } from './environment';

// Runs a command of the product with the settings of the embedded stack that runs here, or, when the environment has
// settings of its own, with those.
const [script, ...args] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const dir = stateDir(process.env, root);
const running = process.env.DATABASE_URL ? null : await readRunning(dir);

if (!script || (!running && !process.env.DATABASE_URL)) {
  console.error(
    script
      ? 'Annex is not running. Start it with npm start, then run this command again.'
      : 'Specify the script to run.',
  );
  process.exit(1);
}
const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), ...args], {
  env: { LOG_LEVEL: 'warn', ...(running ? withoutAws(process.env) : process.env), ...running?.environment },
  stdio: 'inherit',
});
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
