import { writeSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PartLog } from './part-log';

it('keeps the file of a part that goes on writing short, and what was before it once', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'annex-part-log-'));
  const file = join(dir, 'part.log');
  const log = new PartLog(file, 100);
  const read = (name: string) => readFile(join(dir, name), 'utf8');
  log.append((descriptor) => {
    writeSync(descriptor, 'short\n');
    log.limit();
    for (const text of ['first', 'second']) {
      writeSync(descriptor, `${text.repeat(20)}\n`);
      log.limit();
    }
    writeSync(descriptor, 'third\n');
  });
  expect(await read('part.log.1')).toBe(`${'second'.repeat(20)}\n`);
  expect(await read('part.log')).toBe('third\n');
  expect(log.lastLines()).toBe('third');
  log.close();
  await rm(dir, { recursive: true });
});
