import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endUnstarted } from './cannot-start';
import { stateDir } from './environment';
import { howToStop, takeLock } from './lock';
import { isDraft } from './state-file';

/** What a start creates in its state folder. A reset removes nothing else. */
const made = [
  'aws',
  'cognito-secrets.json',
  'demo-tenants',
  'bench-bare',
  'build',
  'logs',
  'made.json',
  'postgres',
  'running.json',
  'secrets',
  'seeded',
  'lock',
];

const dir = stateDir(process.env, join(import.meta.dirname, '..'));
const release = await takeLock(dir).catch(endUnstarted);
if (!release) {
  console.error(`Annex is running or starting with ${dir}. ${await howToStop(dir)}`);
  process.exit(1);
}
const drafts = (await readdir(dir)).filter(isDraft);
for (const name of [...made, ...drafts])
  if (name !== 'lock') await rm(join(dir, name), { recursive: true, force: true });
await release();
await rm(join(dir, 'lock'), { recursive: true, force: true });
const rest = await readdir(dir);
console.log(
  rest.length === 0
    ? `${dir} is now empty.`
    : `${dir} is reset. These files do not belong to Annex and were kept: ${rest.join(', ')}`,
);
