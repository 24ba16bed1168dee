import { askedToStop, whenAborted } from '../../asked-to-stop';
import { Parts } from '../../parts';
import type { Part } from '../../supervisor';

// A start script for tests: starts the parts in its second argument one after another, and keeps their logs in the folder
// of its first. Prints `begun` before them and `up` after them, and stops them when it is asked to.
const [dir = '', list = '[]'] = process.argv.slice(2);
const asked = askedToStop();
const parts = new Parts(dir, () => undefined, asked);
console.log('begun');
try {
  await parts.during(async () => {
    for (const part of JSON.parse(list) as Part[]) await parts.start(part, part.name, '');
  });
  console.log('up');
  await whenAborted(asked);
} catch (error) {
  if (!asked.aborted) throw error;
}
await parts.stop();
process.exit(0);
