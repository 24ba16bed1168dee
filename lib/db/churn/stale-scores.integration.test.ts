import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withTenant } from '../core/tenant-scope';
import { staleScores } from './stale-scores';

let postgres: TestDatabase;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const asOf = new Date('2024-07-01');

/** What each tenant's history says. */
const histories = {
  oldest: { asOf, revision: 2, scoredRevision: 1, revisedAt: minutesAgo(30) },
  never: { asOf, revision: 1, scoredRevision: null, revisedAt: minutesAgo(5) },
  fresh: { asOf, revision: 1, scoredRevision: null, revisedAt: minutesAgo(-30) },
  scored: { asOf, revision: 3, scoredRevision: 3, revisedAt: minutesAgo(30) },
  empty: { asOf: null, revision: 1, scoredRevision: null, revisedAt: minutesAgo(30) },
};

beforeAll(async () => {
  postgres = await startTestDatabase(Object.keys(histories));
  for (const [tenantId, history] of Object.entries(histories)) {
    await withTenant(tenantId, (tx) => tx.history.create({ data: { tenantId, ...history } }));
  }
});
afterAll(() => postgres?.stop());

const which = { settledSeconds: 60, againSeconds: 600, limit: 1 };

describe('scores that stayed behind', () => {
  it('are handed out once, oldest first, until they are left for too long', async () => {
    const claim = () => staleScores().claim(which);
    expect(await claim()).toEqual(['oldest']);
    expect(await claim()).toEqual(['never']);
    expect(await claim()).toEqual([]);
    const again = await staleScores().claim({ ...which, againSeconds: 0, limit: 9 });
    expect(again.toSorted()).toEqual(['never', 'oldest']);
    await withTenant('never', (tx) => tx.history.updateMany({ data: { scoredRevision: 1 } }));
    expect(await staleScores().claim({ ...which, againSeconds: 0, limit: 9 })).toEqual(['oldest']);
  });

  it('are nobody’s to ask for but the control plane’s', async () => {
    await expect(
      withTenant('oldest', (tx) => tx.$queryRaw`SELECT claim_stale_scores('0', '0', 9)`),
    ).rejects.toMatchObject({ code: 'dependency_denied' });
    const { rows } = await postgres.as('owner', (owner) =>
      owner.query('SELECT tenant_id FROM crm.history ORDER BY 1'),
    );
    expect(rows.map(({ tenant_id }) => tenant_id)).not.toContain('scored');
  });
});
