import { afterAll, beforeAll, beforeEach } from 'vitest';
import { withControl } from '@/lib/db/core/control-scope';
import { startTestDatabase } from './database';
import type { TestDatabase } from './postgres';

/** Gives the tests of a file a database, and each of them a new tenant of its own, whose id `use` gets. */
export function eachWithOwnTenant(use: (tenantId: string) => void): void {
  let database: TestDatabase | undefined;
  let tenants = 0;
  beforeAll(async () => {
    database = await startTestDatabase([]);
  });
  afterAll(() => database?.stop());
  beforeEach(async () => {
    tenants += 1;
    const id = `t${tenants}x`;
    await withControl((tx) => tx.tenant.create({ data: { id, name: id } }));
    use(id);
  });
}
