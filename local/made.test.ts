import { mkdir, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkMade, recordMade } from './made';

const stores = ['postgres/primary', 'postgres/primary.made', 'aws/state', 'aws/dynamodb', 'aws/s3'];
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-made-'));
  for (const store of stores) await mkdir(join(dir, store), { recursive: true });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it.each([...stores, 'postgres', 'aws'])('misses %s once a start was completed', async (store) => {
  await rm(join(dir, store), { recursive: true });
  await expect(checkMade(dir)).resolves.toBeUndefined();
  await recordMade(dir);
  await expect(checkMade(dir)).rejects.toThrow(
    new RegExp(
      `^${join(dir, store)}\\S* is missing\\. It holds .+\\. Restore it, or start over with "npm run reset"`,
    ),
  );
});

it('misses nothing of a whole folder, and says when its own mark is damaged', async () => {
  await recordMade(dir);
  await expect(checkMade(dir)).resolves.toBeUndefined();
  await truncate(join(dir, 'made.json'));
  await expect(checkMade(dir)).rejects.toThrow('made.json is empty. It holds the mark');
});
