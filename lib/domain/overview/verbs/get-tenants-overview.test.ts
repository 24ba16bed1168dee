import { describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import type { Role } from '../../actor';
import type { ControlContext } from '../../context';
import type { WorkQueues } from '../../queues/ports';
import type { TenantDirectory } from '../../tenants/ports';
import type { Tenant } from '../../tenants/tenant';
import { World } from '../../testing/world';
import type { WorkbenchStanding, WorkbenchStep } from '../../workbench/ports';
import { silentMs, type TenantItem } from '../tenants';
import { getTenantsOverview } from './get-tenants-overview';

type State = WorkbenchStanding['state'];

/** Tenants whose workbenches stand in every way. */
class TenantsWorld extends World {
  aws: AnnexError | null = null;
  late: readonly string[] = [];
  /** Dead letters of the jobs queue. */
  dead = 0;
  requested: readonly Tenant[] = [];
  /** Since when nobody has looked at the running extract of `barn`, ms. */
  extractAge = 0;
  readonly tenants = ['acme', 'barn', 'cove', 'dune'].map(
    (id, index): Tenant => ({
      id,
      name: id.toUpperCase(),
      state: 'active',
      accountId: null,
      createdAt: this.ago(index * 60),
    }),
  );
  workbenches: readonly WorkbenchStanding[] = [
    this.workbench('acme', 'failed', 5, { name: 'baseline', state: 'failed', reason: 'No quota.' }),
    this.workbench('barn', 'provisioning', 0, { name: 'account', state: 'running' }),
    this.workbench('cove', 'provisioning', 30, { name: 'domain', state: 'running' }),
    this.workbench('dune', 'ready', 2, { name: 'domain', state: 'done' }),
    this.workbench('gone', 'ready', 90, { name: 'domain', state: 'done' }),
  ];

  ago(minutes: number): Date {
    return new Date(this.clock - minutes * 60_000);
  }

  workbench(
    tenantId: string,
    state: State,
    unchanged: number,
    step: Partial<WorkbenchStep>,
  ): WorkbenchStanding {
    const at = this.ago(unchanged);
    const finishedAt = step.state === 'running' ? null : at;
    return {
      tenantId,
      state,
      updatedAt: at,
      steps: [{ startedAt: at, finishedAt, reason: null, ...step } as WorkbenchStep],
    };
  }

  as(role: Role): ControlContext {
    const answered = async <T>(value: T): Promise<T> => {
      if (this.aws) throw this.aws;
      return value;
    };
    const byAge = (latestFirst: boolean) => (a: WorkbenchStanding, b: WorkbenchStanding) =>
      (a.updatedAt.getTime() - b.updatedAt.getTime()) * (latestFirst ? -1 : 1);
    return this.controlContext(role, {
      tenants: {
        counts: async () => ({ total: 4, active: 3, suspended: 1, withAccount: 2 }),
        requested: async (limit) => this.requested.slice(0, limit),
        newest: async (limit) => this.tenants.slice(0, limit),
        some: async (ids) => this.tenants.filter(({ id }) => ids.includes(id)),
      } as Partial<TenantDirectory> as TenantDirectory,
      workbenchStandings: {
        list: ({ state, limit, latestFirst }) => {
          const found = this.workbenches.filter((one) => one.state === state).toSorted(byAge(latestFirst));
          return answered({ standings: found.slice(0, limit), more: found.length > limit });
        },
        of: () => answered(null),
      },
      openExtracts: {
        open: ({ state }) =>
          answered({
            extracts:
              state === 'running'
                ? ['1', '2'].map((requestId) => ({
                    tenantId: 'barn',
                    requestId,
                    updatedAt: new Date(this.clock - this.extractAge),
                  }))
                : [],
            next: null,
          }),
      },
      queues: {
        standings: () =>
          answered([
            {
              queue: 'jobs',
              ...{ waiting: 5, inFlight: 1, delayed: 0 },
              dead: { count: this.dead, maxReceives: 10 },
            },
            { queue: 'events', waiting: 0, inFlight: 0, delayed: 0, dead: null },
          ]),
      } as Partial<WorkQueues> as WorkQueues,
      dueHealthChecks: { due: async (by, limit) => (by <= this.ago(10) ? this.late.slice(0, limit) : []) },
    });
  }
}

const words = (items: readonly TenantItem<string>[]) =>
  items.map(({ kind, name, step }) => [kind, name, step].filter(Boolean).join(' '));

describe('the overview of the tenants', () => {
  it('tells what failed and what nobody looks at, what is under way and what finished', async () => {
    const overview = await getTenantsOverview(new TenantsWorld().as('admin'), undefined);
    expect(overview.counts).toEqual({ total: 4, active: 3, suspended: 1, withAccount: 2 });
    expect(words(overview.attention)).toEqual(['workbench ACME baseline', 'silent workbench COVE domain']);
    expect(overview.attention[0]?.reason).toBe('No quota.');
    expect(words(overview.underWay)).toEqual(['workbench BARN account']);
    // A tenant that is gone keeps its id.
    expect(words(overview.finished)).toEqual([
      'tenant ACME',
      'workbench DUNE',
      'tenant BARN',
      'workbench gone',
      'tenant COVE',
      'tenant DUNE',
    ]);
    expect(overview.more).toEqual({ attention: false, underWay: false });
    expect(overview.unreadable).toEqual([]);
  });

  it('tells once of a tenant whose extracts nobody looks at, and of health checks that are overdue', async () => {
    const world = new TenantsWorld();
    world.workbenches = [];
    world.extractAge = silentMs - 1;
    expect((await getTenantsOverview(world.as('admin'), undefined)).attention).toEqual([]);
    world.extractAge = silentMs;
    world.late = ['dune'];
    const { attention } = await getTenantsOverview(world.as('admin'), undefined);
    expect(words(attention)).toEqual(['silent extract BARN', 'late checks DUNE']);
  });

  it('tells of messages that nobody could handle, with their number', async () => {
    const world = new TenantsWorld();
    world.workbenches = [];
    world.dead = 3;
    const { attention } = await getTenantsOverview(world.as('admin'), undefined);
    expect(words(attention)).toEqual(['dead letters 3']);
    expect(attention[0]?.subject).toBeNull();
  });

  it('tells first who waits for a decision', async () => {
    const world = new TenantsWorld();
    const [tenant] = world.tenants;
    if (!tenant) throw new Error('no tenant');
    world.requested = [{ ...tenant, id: 'new', name: 'New', state: 'requested' }];
    const { attention, more } = await getTenantsOverview(world.as('admin'), undefined);
    expect(attention[0]).toMatchObject({ kind: 'request', subject: 'new', name: 'New', reason: null });
    expect(more.attention).toBe(false);
    world.requested = Array.from({ length: 10 }, () => tenant);
    expect((await getTenantsOverview(world.as('admin'), undefined)).more.attention).toBe(true);
  });

  it('says that there are more than it tells', async () => {
    const world = new TenantsWorld();
    world.workbenches = Array.from({ length: 11 }, (_, index) => index).flatMap((index) => [
      world.workbench(`f${index}`, 'failed', index, { name: 'account', state: 'failed' }),
      world.workbench(`p${index}`, 'provisioning', 0, { name: 'account', state: 'running' }),
    ]);
    const { attention, underWay, more } = await getTenantsOverview(world.as('admin'), undefined);
    expect([attention.length, underWay.length, more]).toEqual([10, 10, { attention: true, underWay: true }]);
  });

  it('names what AWS does not tell, and has the rest', async () => {
    const world = new TenantsWorld();
    world.aws = new AnnexError('dependency_failed', 'AWS could not be reached.');
    const overview = await getTenantsOverview(world.as('admin'), undefined);
    expect(overview.unreadable.map(({ part }) => part)).toEqual(['workbenches', 'extracts', 'queues']);
    expect(words(overview.finished)[0]).toBe('tenant ACME');
    world.aws = new AnnexError('internal', 'A bug.');
    await expect(getTenantsOverview(world.as('admin'), undefined)).rejects.toThrow('A bug.');
  });

  it.each(['seller', 'scientist', 'member', 'system'] as const)('refuses a %s', async (role) => {
    await expect(getTenantsOverview(new TenantsWorld().as(role), undefined)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
