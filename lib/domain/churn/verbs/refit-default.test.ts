import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { TenantContext } from '@/lib/domain/context';
import { type Job, jobsOf } from '@/lib/domain/jobs';
import type { FitDecision, HistoryGroup, Rescored, ScoreStore } from '../ports';
import { refitDefault } from './refit-default';

const asOf = new Date('2025-01-01T00:00:00Z');
const now = new Date('2025-01-02T03:04:05Z');
const enough: readonly HistoryGroup[] = [
  { repeats: 0, recencyDays: 0, ageDays: 300, customers: 80 },
  { repeats: 1, recencyDays: 40, ageDays: 300, customers: 25 },
  { repeats: 4, recencyDays: 280, ageDays: 300, customers: 20 },
];

/** A store of one tenant with orders at `revision`. */
function world(
  revision: number | null,
  groups: readonly HistoryGroup[],
  role: 'system' | 'scientist' = 'system',
) {
  const decisions: FitDecision[] = [];
  const audited = new Map<string, AuditEvent>();
  const sent: Job[] = [];
  let scored: number | null = null;
  const scores: ScoreStore = {
    rescore: async (decide, audit): Promise<Rescored> => {
      if (revision === null) return { outcome: 'empty' };
      if (scored === revision) return { outcome: 'current', revision };
      const decision = await decide({
        revision,
        asOf,
        batches: (async function* () {
          yield groups;
        })(),
      });
      decisions.push(decision);
      scored = revision;
      const event = audit?.(revision);
      if (event) audited.set(event.idempotencyKey ?? '', event);
      return { outcome: decision.outcome === 'fitted' ? 'scored' : 'unfitted', revision, customers: 125 };
    },
  };
  const quiet = () => undefined;
  const ctx = {
    actor: { id: 'worker', name: 'Annex', roles: [role] },
    tenant: { id: 'foo', name: 'Foo', state: 'active', accountId: null, createdAt: asOf },
    requestId: 'message-1',
    log: { info: quiet, warn: quiet, error: quiet },
    now: () => now,
    ports: {
      scores,
      jobs: jobsOf('foo', { send: async (job) => void sent.push(job) }),
    },
  } as unknown as TenantContext;
  return { ctx, decisions, audited, sent };
}

describe('refitDefault', () => {
  it('stores the fit under a version that names the revision of the orders', async () => {
    const { ctx, decisions, audited, sent } = world(7, enough);
    expect(await refitDefault(ctx, undefined)).toEqual({ outcome: 'scored', revision: 7, customers: 125 });
    expect(sent).toEqual([{ kind: 'scores.refresh', tenantId: 'foo' }]);
    const [decision] = decisions;
    expect(decision).toMatchObject({ outcome: 'fitted', version: 'bgnbd-7', horizonDays: 90 });
    if (decision?.outcome !== 'fitted') throw new Error('not fitted');
    expect(decision.fit).toMatchObject({ customers: 125, fittedAt: now });
    expect(Object.values(decision.fit.parameters).every((value) => Number.isFinite(value) && value > 0)).toBe(
      true,
    );
    expect([...audited.keys()]).toEqual(['churn.refit/7']);
  });

  it('fits once and writes one event when delivered twice', async () => {
    const { ctx, decisions, audited } = world(7, enough);
    await refitDefault(ctx, undefined);
    expect(await refitDefault(ctx, undefined)).toEqual({ outcome: 'current', revision: 7 });
    expect(decisions).toHaveLength(1);
    expect(audited.size).toBe(1);
  });

  it('records in words why there is no fit', async () => {
    const { ctx, decisions } = world(1, [{ repeats: 0, recencyDays: 0, ageDays: 10, customers: 400 }]);
    expect(await refitDefault(ctx, undefined)).toMatchObject({ outcome: 'unfitted' });
    expect(decisions).toEqual([
      {
        outcome: 'unfitted',
        at: now,
        reason: expect.stringContaining('No customer has ordered on more than one day'),
      },
    ]);
  });

  it('has nothing to do for a tenant without orders', async () => {
    const { ctx, audited } = world(null, []);
    expect(await refitDefault(ctx, undefined)).toEqual({ outcome: 'empty' });
    expect(audited.size).toBe(0);
  });

  it('is for the system alone', async () => {
    await expect(refitDefault(world(1, enough, 'scientist').ctx, undefined)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
