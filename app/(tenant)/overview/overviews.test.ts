import { expect, it } from 'vitest';
import type { Role } from '@/lib/domain/actor';
import type { ControlContext, PersonContext, TenantContext } from '@/lib/domain/context';
import type { TenantsOverview } from '@/lib/domain/overview/verbs/get-tenants-overview';
import { overviewsReading, readOverviews } from './overviews';

const now = new Date('2026-03-01T10:00:00Z');
const quiet: TenantsOverview = {
  counts: { total: 2, active: 2, suspended: 0, withAccount: 1 },
  attention: [],
  underWay: [],
  finished: [],
  more: { attention: false, underWay: false },
  unreadable: [],
};
const item = {
  kind: 'workbench',
  at: now,
  subject: 'foo',
  name: 'Foo',
  reason: null,
  step: 'account',
} as const;

it('reads no part that no role of the person has', async () => {
  const untouchable = new Proxy({}, { get: (_, name) => expect.unreachable(`${String(name)} was touched`) });
  const person = (roles: readonly Role[]) =>
    ({
      actor: { id: 'x', name: 'x', roles },
      tenant: null,
      control: { ports: untouchable } as unknown as ControlContext,
      refusal: null,
    }) as unknown as PersonContext;
  expect(await readOverviews(person(['seller']))).toEqual({
    ofTenant: null,
    ofTenants: null,
    ofSeller: null,
  });
  const tenant = { actor: { roles: ['admin'] }, tenant: { state: 'active' } } as unknown as TenantContext;
  await expect(readOverviews({ ...person(['seller']), tenant })).rejects.toMatchObject({ code: 'forbidden' });
});

it('says what is under way across tenants, and changes with what the page shows', () => {
  const reading = (ofTenants: TenantsOverview) =>
    overviewsReading({ ofTenant: null, ofTenants, ofSeller: null }, now);
  expect(reading(quiet)).toMatchObject({ underWay: false, words: '' });
  const busy = reading({ ...quiet, underWay: [item] });
  expect(busy).toMatchObject({ underWay: true, words: '1 workbench under way.' });
  expect(busy.mark).not.toBe(reading(quiet).mark);
  expect(reading({ ...quiet, attention: [item] })).toMatchObject({ underWay: false, words: 'Needs you: 1.' });
});

it('of a seller has nothing to read again', () => {
  expect(overviewsReading({ ofTenant: null, ofTenants: null, ofSeller: [] }, now).underWay).toBe(false);
});
