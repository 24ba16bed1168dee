import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import type { ContractReport } from '@/lib/domain/models/ports';
import { startTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { withControl } from '../core/control-scope';
import { withTenant } from '../core/tenant-scope';
import { contractReports, modelRegistry } from './model-registry';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase(['foo', 'bar', 'limited', 'many', 'crash']);
});
afterAll(() => postgres?.stop());

const report = (endpointName: string, second: number, passed = true): ContractReport => ({
  endpointName,
  testedAt: new Date(Date.UTC(2026, 2, 1, 10, 0, second, 123)),
  deployment: {
    configName: `${endpointName}-${second}`,
    configCreatedAt: second % 2 === 0 ? null : new Date(Date.UTC(2026, 2, 1, 9, 0, second, 7)),
    variants: [{ name: 'AllTraffic', image: 'xgboost@sha256:1' }],
  },
  passed,
  contentTypes: ['text/csv'],
  checks: [
    {
      id: 'order',
      title: 'Order preserved',
      outcome: 'passed',
      finding: 'Kept “so” 🙂',
      sent: 'a',
      received: null,
    },
  ],
  latencyMs: { rows1: 1.5, rows100: null },
});
const model = (endpointName: string, second: number) => ({
  endpointName,
  contentType: 'text/csv' as const,
  report: report(endpointName, second),
  registeredBy: 'ada',
  registeredAt: new Date('2026-03-01T11:00:00Z'),
});
const raise = (): never => {
  throw new Error('A deployment was expected.');
};
const activation = (version: number | null, by = 'ada') => ({
  version,
  by,
  at: new Date('2026-03-01T12:00:00Z'),
});
const audit = (subject: string): AuditEvent => ({
  action: 'models.activate',
  subject,
  actorId: 'a',
  actorName: 'Ada',
  requestId: 'r',
});
const auditOf = (tenantId: string) =>
  withTenant(tenantId, (tx) => tx.auditEvent.findMany({ orderBy: { id: 'asc' } }));

const asAdmin = <T>(work: (client: pg.Client) => Promise<T>) => postgres.as('admin', work);

describe('registrations', () => {
  it('are numbered per tenant from 1, and one report makes one', async () => {
    const foo = modelRegistry('foo');
    expect(await foo.active()).toBeNull();
    expect(await foo.versions({ limit: 5 })).toEqual([]);
    const first = await foo.register(model('churn', 1));
    expect(first).toEqual({ ...model('churn', 1), version: 1 });
    expect(await foo.register({ ...model('churn', 1), registeredBy: 'bob' })).toEqual(first);
    const { deployment } = report('churn', 1);
    const deployed = {
      endpointName: 'churn',
      contentType: 'text/csv',
      deployment: deployment ?? raise(),
    } as const;
    const testedAgain = { ...report('churn', 9), deployment };
    expect(await foo.register({ ...model('churn', 9), report: testedAgain })).toEqual(first);
    expect(await foo.registered(deployed)).toEqual(first);
    expect(await foo.registered({ ...deployed, contentType: 'application/json' })).toBeNull();
    expect(await foo.registered({ ...deployed, endpointName: 'other' })).toBeNull();
    expect(await modelRegistry('bar').registered(deployed)).toBeNull();
    expect((await foo.register(model('churn', 2))).version).toBe(2);
    expect((await foo.register(model('other', 1))).version).toBe(3);
    expect((await modelRegistry('bar').register(model('churn', 1))).version).toBe(1);
    expect((await foo.versions({ limit: 2 })).map(({ version }) => version)).toEqual([3, 2]);
    expect((await foo.versions({ before: 2, limit: 2 })).map(({ version }) => version)).toEqual([1]);
    expect(await foo.endpoints({ limit: 5 })).toEqual([
      { endpointName: 'other', versions: [3], registered: 1 },
      { endpointName: 'churn', versions: [2, 1], registered: 2 },
    ]);
    expect(await foo.endpoints({ limit: 1 })).toMatchObject([{ endpointName: 'other' }]);
    expect(await foo.endpoints({ name: 'churn', limit: 5 })).toMatchObject([{ versions: [2, 1] }]);
    expect(await modelRegistry('bar').endpoints({ name: 'other', limit: 5 })).toEqual([]);
    expect(await foo.version(1)).toEqual(first);
    expect(await foo.version(4)).toBeNull();
  });

  it('keep their numbers apart when many register at the same time', async () => {
    const made = await Promise.all(
      Array.from({ length: 24 }, (_, index) => modelRegistry('many').register(model('churn', index % 12))),
    );
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, index) => 1 + Math.floor(index / 2)),
    );
  });

  it('hold a limit of endpoints when many register at the same time', async () => {
    const registry = modelRegistry('limited');
    const names = Array.from({ length: 6 }, (_, index) => `limited-${index}`);
    const upTo = (most: number) => (others: number) => {
      if (others >= most) throw new Error('too many');
    };
    const register = (name: string) =>
      registry.register(model(name, 1), { among: names.filter((each) => each !== name), check: upTo(2) });
    const made = await Promise.allSettled(names.map(register));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await registry.countEndpoints([...names, ...names, 'other'])).toBe(2);
    expect(await modelRegistry('bar').countEndpoints(names)).toBe(0);
  });

  it('are told of an endpoint up to a number, and counted', async () => {
    const many = modelRegistry('many');
    for (let second = 20; second < 41; second++) await many.register(model('often', second));
    const [often] = await many.endpoints({ limit: 1 });
    expect(often).toMatchObject({ endpointName: 'often', registered: 21 });
    const { registered = 0 } = (await many.endpoints({ name: 'churn', limit: 1 }))[0] ?? {};
    expect(often?.versions).toEqual(Array.from({ length: 20 }, (_, index) => registered + 21 - index));
  });
});

describe('activations', () => {
  it('are kept one after the other, each with its audit row, and none for what is in use', async () => {
    const foo = modelRegistry('foo');
    await foo.activate(activation(null), audit('model/default'));
    expect(await foo.activations(5)).toEqual([]);
    await Promise.all(['ada', 'bob', 'eve'].map((by) => foo.activate(activation(1, by), audit('model/1'))));
    expect(await foo.activations(5)).toHaveLength(1);
    await foo.activate(activation(2), audit('model/2'));
    await foo.activate(activation(null), audit('model/default'));
    await foo.activate(activation(null), audit('model/default'));
    expect(await foo.active()).toBeNull();
    await foo.activate(activation(1, 'zoe'), audit('model/1'));
    expect(await foo.active()).toMatchObject({ version: 1, endpointName: 'churn' });
    expect((await foo.activations(9)).map(({ version }) => version)).toEqual([1, null, 2, 1]);
    expect(await foo.activations(1)).toEqual([activation(1, 'zoe')]);
    expect(await foo.newestActivations([1, 2, 3])).toEqual([activation(2), activation(1, 'zoe')]);
    expect(await foo.newestActivations([])).toEqual([]);
    expect(await modelRegistry('bar').newestActivations([1, 2])).toEqual([]);
    expect((await auditOf('foo')).map(({ before, after }) => [before, after])).toEqual([
      [{ version: null }, { version: 1 }],
      [{ version: 1 }, { version: 2 }],
      [{ version: 2 }, { version: null }],
      [{ version: null }, { version: 1 }],
    ]);
    expect((await auditOf('foo')).map(({ subject, idempotencyKey }) => [subject, idempotencyKey])).toEqual([
      ['model/1', 'models.activate/1'],
      ['model/2', 'models.activate/2'],
      ['model/default', 'models.activate/3'],
      ['model/1', 'models.activate/4'],
    ]);
    await expect(foo.activate(activation(99), audit('model/99'))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('cut off in the middle leave nothing, and are done at the next try', async () => {
    const crash = modelRegistry('crash');
    await crash.register(model('churn', 1));
    await asAdmin(async (admin) => {
      await admin.query('BEGIN');
      await admin.query(`SELECT pg_advisory_xact_lock(hashtextextended('annex.models/crash', 0))`);
      const broken = crash.activate(activation(1), audit('model/1')).catch((error: unknown) => error);
      await vi.waitFor(
        async () => {
          const { rowCount } = await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database
             WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`,
          );
          expect(rowCount).toBe(1);
        },
        { timeout: 60_000 },
      );
      expect(await broken).toMatchObject({ code: 'dependency_failed', transient: true });
      await admin.query('ROLLBACK');
    });
    expect(await crash.active()).toBeNull();
    expect(await auditOf('crash')).toEqual([]);
    await crash.activate(activation(1), audit('model/1'));
    expect(await crash.active()).toMatchObject({ version: 1 });
    expect(await auditOf('crash')).toHaveLength(1);
  });
});

describe('contract reports', () => {
  it('are kept once, and the newest of each endpoint is found', async () => {
    const reports = contractReports('foo');
    expect(await reports.newest([])).toEqual([]);
    await reports.keep(report('a', 1), 'ada');
    await reports.keep(report('a', 3, false), 'ada');
    const tested = { ...audit('endpoint/a'), action: 'models.test' as const, idempotencyKey: 'a/2' };
    for (let n = 0; n < 2; n += 1) await reports.keep(report('a', 2), 'ada', tested);
    expect((await auditOf('foo')).filter(({ action }) => action === 'models.test')).toHaveLength(1);
    await reports.keep(report('b', 1), 'ada');
    const newest = await reports.newest(['a', 'b', 'a', 'never']);
    expect(newest.toSorted((x, y) => (x.endpointName < y.endpointName ? -1 : 1))).toEqual([
      report('a', 3, false),
      report('b', 1),
    ]);
    expect(await contractReports('bar').newest(['a', 'b'])).toEqual([]);
  });
});

it('a report from before deployments were taken note of tells of none', async () => {
  const { deployment: _, ...older } = report('older', 1);
  const row = { tenantId: 'foo', endpointName: 'older', testedBy: 'ada', passed: true };
  await withTenant('foo', (tx) =>
    tx.contractReport.create({
      data: { ...row, testedAt: older.testedAt, report: JSON.parse(JSON.stringify(older)) },
    }),
  );
  expect(await contractReports('foo').newest(['older'])).toEqual([{ ...older, deployment: null }]);
});

describe('another tenant', () => {
  const refused = { code: 'dependency_denied' };
  const row = { tenantId: 'foo', number: 99, version: null, activatedBy: 'x', activatedAt: new Date() };

  it('sees and makes nothing of it', async () => {
    const seen = await withTenant('bar', async (tx) => [
      ...(await tx.modelVersion.findMany({ where: { tenantId: 'foo' } })),
      ...(await tx.modelActivation.findMany({ where: { tenantId: 'foo' } })),
      ...(await tx.contractReport.findMany({ where: { tenantId: 'foo' } })),
    ]);
    expect(seen).toEqual([]);
    expect(await modelRegistry('bar').version(2)).toBeNull();
    await expect(modelRegistry('bar').activate(activation(2))).rejects.toMatchObject({ code: 'not_found' });
    await expect(withTenant('bar', (tx) => tx.modelActivation.create({ data: row }))).rejects.toMatchObject(
      refused,
    );
    await expect(withControl((tx) => tx.modelVersion.findMany())).rejects.toMatchObject(refused);
  });

  it('nor anybody else changes or empties what was kept', async () => {
    await expect(
      withTenant('foo', (tx) => tx.modelVersion.updateMany({ data: { endpointName: 'x' } })),
    ).rejects.toMatchObject(refused);
    // Nobody closes this tenant, so its policy finds nothing to delete.
    expect(await withTenant('foo', (tx) => tx.modelActivation.deleteMany())).toEqual({ count: 0 });
    expect(await withTenant('foo', (tx) => tx.modelActivation.count())).toBeGreaterThan(0);
    for (const table of ['contract_report', 'model_version', 'model_activation']) {
      for (const sql of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
        await expect(
          asAdmin((client) => client.query(sql)),
          sql,
        ).rejects.toThrow('append-only');
      }
    }
  });
});
