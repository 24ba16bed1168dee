import { describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import type { Role } from '../../actor';
import type { TenantContext } from '../../context';
import type { CustomerOverview, OrderImport } from '../../crm/ports';
import type { Extract } from '../../extracts/ports';
import type { ModelVersion } from '../../models/ports';
import type { TenantPorts } from '../../ports';
import type { Scoring, ScoringRun } from '../../scoring/ports';
import { neverScored } from '../../scoring/transitions';
import { modelOf } from '../../testing/scored-model';
import { World } from '../../testing/world';
import type { WorkbenchRequest } from '../../workbench/ports';
import { getOverview } from './get-overview';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, minute));

/** A tenant with an extract of each outcome, a workbench and, once `active`, a model. */
class OverviewWorld extends World {
  active: ModelVersion | null = null;
  aws: AnnexError | null = null;
  overview = {
    customers: 3,
    importedAt: at(1),
    scoring: { state: 'scored', scoredAt: at(2), version: 'bgnbd-1', uncertainty: null },
    source: { kind: 'default' },
  } as CustomerOverview;
  orderImport: OrderImport | null = null;
  workbench = {
    state: 'ready',
    steps: [{ name: 'domain', state: 'done', finishedAt: at(3) }],
  } as unknown as WorkbenchRequest;
  extracts = [
    { requestId: 'E3', dataset: 'orders', state: 'running', queuedAt: at(9) },
    { requestId: 'E2', dataset: 'customers', state: 'failed', reason: 'No.', finishedAt: at(8) },
    { requestId: 'E1', dataset: 'churn_training', state: 'done', finishedAt: at(4) },
    { requestId: 'E0', dataset: 'churn_training', state: 'failed', reason: 'Old.', finishedAt: at(0) },
  ] as unknown as readonly Extract[];
  scoring: Scoring = { state: neverScored(at(0)), shown: null, latest: null };
  /** USD measured this month. */
  spent = 0;
  /** How often SageMaker was asked. */
  asked = 0;

  as(role: Role): TenantContext {
    const { active } = this;
    const answered = async <T>(value: T): Promise<T> => {
      if (this.aws) throw this.aws;
      return value;
    };
    const ports = {
      customers: { overview: async () => this.overview },
      orderImports: { latest: async () => this.orderImport },
      scoring: { read: async () => this.scoring },
      models: {
        active: async () => active,
        version: async (version: number) => modelOf(version),
        activations: async () => (active ? [{ version: active.version, by: 'ada', at: at(6) }] : []),
      },
      workbenches: { live: () => answered(this.workbench) },
      extracts: { store: { list: () => answered({ extracts: this.extracts, next: null }) } },
      endpoints: {
        list: () => {
          this.asked += 1;
          return answered({
            endpoints: [{ name: 'churn', status: 'InService', changedAt: at(5) }],
            next: null,
          });
        },
      },
      contractReports: { newest: async () => [] },
      spend: { standing: async () => ({ month: '2026-03-01', usd: this.spent, measuredUntil: at(7) }) },
    } as unknown as TenantPorts;
    return this.tenantContext(role, ports);
  }
}

const kinds = (items: readonly { readonly kind: string; readonly subject: string | null }[]) =>
  items.map(({ kind, subject }) => (subject === null ? kind : `${kind} ${subject}`));

describe('the overview', () => {
  it('of a tenant without an active model has the steps, what failed, what is under way and what finished', async () => {
    const overview = await getOverview(new OverviewWorld().as('scientist'), undefined);
    expect(overview.steps.map(({ state }) => state).join(' ')).toBe('done done done done current open');
    expect(overview.steps[4]?.subject).toBe('churn');
    expect(kinds(overview.attention)).toEqual(['extract E2']);
    expect(kinds(overview.underWay)).toEqual(['extract E3']);
    expect(kinds(overview.finished)).toEqual(['extract E1', 'workbench', 'scores', 'import']);
    expect(overview.unreadable).toEqual([]);
  });

  it('of a tenant with an active model has no steps, and asks SageMaker nothing', async () => {
    const world = new OverviewWorld();
    world.active = modelOf(4);
    world.overview = { ...world.overview, source: { kind: 'fallback', reason: 'It is down.', since: at(7) } };
    world.scoring = {
      ...world.scoring,
      latest: { run: 1, version: 4, state: 'running', askedAt: at(9) } as ScoringRun,
    };
    const overview = await getOverview(world.as('scientist'), undefined);
    expect(overview.steps).toEqual([]);
    expect(kinds(overview.attention)).toEqual(['fallback', 'extract E2']);
    expect(overview.attention[0]?.reason).toBe('It is down.');
    expect(kinds(overview.underWay)).toEqual(['extract E3', 'run 4']);
    expect(kinds(overview.finished)[0]).toBe('activation 4');
    expect(world.asked).toBe(0);
  });

  it('tells a failed run and a fit that was not possible', async () => {
    const world = new OverviewWorld();
    world.overview = {
      ...world.overview,
      scoring: { state: 'unfitted', reason: 'Too few orders.', at: at(2) },
    };
    world.scoring = {
      ...world.scoring,
      latest: { run: 1, version: 4, state: 'failed', finishedAt: at(9), failure: 'Late.' } as ScoringRun,
    };
    const { attention } = await getOverview(world.as('scientist'), undefined);
    expect(attention.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
      'run: Late.',
      'unfitted: Too few orders.',
      'extract: No.',
    ]);
  });

  it('tells of an import under way', async () => {
    const world = new OverviewWorld();
    world.orderImport = { state: 'reading', startedAt: at(9), startedBy: 'ada' } as OrderImport;
    const { underWay } = await getOverview(world.as('scientist'), undefined);
    expect(underWay[0]).toMatchObject({ kind: 'import', at: at(9), name: 'ada' });
  });

  it('says which parts AWS does not tell, and has the rest', async () => {
    const world = new OverviewWorld();
    world.aws = new AnnexError('dependency_failed', 'AWS could not be reached.');
    const overview = await getOverview(world.as('scientist'), undefined);
    expect(overview.unreadable.map(({ part }) => part)).toEqual(['workbench', 'extracts', 'endpoints']);
    expect(overview.steps[0]?.state).toBe('done');
    expect(kinds(overview.finished)).toEqual(['scores', 'import']);
  });

  it('does not hide a fault of Annex', async () => {
    const world = new OverviewWorld();
    world.aws = new AnnexError('internal', 'A bug.');
    await expect(getOverview(world.as('scientist'), undefined)).rejects.toThrow('A bug.');
  });

  it('gives a member the customers and the state of the scores, and reads nothing else', async () => {
    const world = new OverviewWorld();
    world.aws = new AnnexError('internal', 'touched');
    world.overview = {
      ...world.overview,
      source: { kind: 'fallback', reason: 'quotes the model', since: at(7) },
    };
    const overview = await getOverview(world.as('member'), undefined);
    expect(overview.customers?.customers).toBe(3);
    expect(overview.scoring).toBeNull();
    expect(overview.steps).toMatchObject([{ name: 'import', state: 'done', by: 'Data scientist, Owner' }]);
    expect(overview.attention).toMatchObject([{ kind: 'fallback', reason: null }]);
    expect(kinds(overview.finished)).toEqual(['scores', 'import']);
  });
});

describe('a budget', () => {
  it('that is spent needs its owner, and nobody else', async () => {
    const world = new OverviewWorld();
    world.limits = { monthlyBudgetUsd: 10, budgetBrake: 'stop' };
    const told = async (role: Role) =>
      (await getOverview(world.as(role), undefined)).attention.filter(({ kind }) => kind === 'budget');
    expect(await told('owner')).toEqual([]);
    world.spent = 8;
    expect(await told('owner')).toMatchObject([{ at: at(7), subject: '80', reason: 'Nothing was stopped.' }]);
    world.spent = 10;
    expect(await told('owner')).toMatchObject([{ subject: '100', reason: expect.stringMatching(/refused/) }]);
    expect(await told('scientist')).toEqual([]);
  });
});
