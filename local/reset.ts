import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readRunning, stateDir } from './environment';

const dir = stateDir(process.env, join(import.meta.dirname, '..'));
if (await readRunning(dir)) {
  console.error('Annex is running. End it with Ctrl-C in its terminal first.');
  process.exit(1);
}
for (const name of await readdir(dir).catch(() => []))
  await rm(join(dir, name), { recursive: true, force: true });
console.log(`${dir} is empty.`);
