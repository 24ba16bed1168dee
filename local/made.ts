import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CannotStart } from './cannot-start';
import { readStateFile, replaceStateFile, type StateFile } from './state-file';

const database = 'tenants, customers, scores and the audit log';
const aws = 'what the AWS stand-ins keep';

/** What a whole stack has in its state folder, and what each holds. Without one of them, the others would be about nothing. */
const stores = {
  'postgres/primary': database,
  // Without this file, the start would take the database for half-made and make it anew.
  'postgres/primary.made': 'the mark that the database is complete',
  'aws/state': aws,
  'aws/dynamodb': aws,
  'aws/s3': aws,
} as const;

const fileIn = (dir: string): StateFile<boolean> => ({
  path: join(dir, 'made.json'),
  schema: z.literal(true),
  holds: 'the mark that a start was completed in this folder',
  otherwise: 'delete it: the next start writes it anew.',
});

/** Throws CannotStart when an earlier start was completed in the state folder `dir`, and a store is gone since then. */
export async function checkMade(dir: string): Promise<void> {
  if (!(await readStateFile(fileIn(dir)))) return;
  for (const [store, holds] of Object.entries(stores)) {
    const path = join(dir, store);
    if (existsSync(path)) continue;
    throw new CannotStart(
      `${path} is missing. It holds ${holds}. Restore it, or start over with "npm run reset", which deletes all data.`,
    );
  }
}

/** Records that every store is there. */
export async function recordMade(dir: string): Promise<void> {
  if (!(await readStateFile(fileIn(dir)))) await replaceStateFile(fileIn(dir), true);
}
