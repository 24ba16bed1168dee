import { expect, vi } from 'vitest';
import type { Role } from '../actor';
import type { HistoryGroup } from '../churn/ports';
import type { TenantContext } from '../context';
import type {
  DeployedEndpoint,
  EndpointAnswer,
  ModelEndpoints,
  ModelRegistry,
  ModelVersion,
} from '../models/ports';
import type {
  Comparison,
  FeatureRow,
  Lease,
  Past,
  PastRow,
  ScoreComparisons,
  ScoringRun,
  ScoringRuns,
  ScoringState,
  ScoringStore,
} from '../scoring/ports';
import { neverScored } from '../scoring/transitions';
import { answering, customersOf, endpointOf, honest, modelOf } from './scored-model';
import { World } from './world';

type Invocation = Parameters<ModelEndpoints['invoke']>[0];
type Behaviour = (
  rows: readonly (readonly number[])[],
  request: Invocation,
) => EndpointAnswer | Promise<EndpointAnswer>;

/** A tenant's scores: customers, a tenant's endpoint, and scoring runs. */
export class ScoringWorld extends World {
  /** Revision of the orders; its features are available at once. */
  revision = 1;
  customers: readonly FeatureRow[];
  active: ModelVersion | null = modelOf(1);
  behaviour: Behaviour = (rows) => answering(rows.map(honest));
  /** What the active model's endpoint serves; null: it is gone. */
  served: () => DeployedEndpoint | null = () => this.active && endpointOf(this.active);
  readonly asked: { readonly rows: number; readonly at: number; readonly inferenceId: string }[] = [];

  state: ScoringState;
  readonly runs: (ScoringRun & { holder: string | null })[] = [];
  readonly scores = new Map<number, Map<string, number>>();
  readonly indexed = new Set<number>();
  kept: Comparison | null = null;
  pastRows: readonly PastRow[] = [];
  pastGroups: readonly HistoryGroup[] = [];

  constructor(count = 10) {
    super();
    this.customers = customersOf(count);
    this.state = neverScored(new Date(this.clock));
  }

  as(role: Role, requestId = 'message-1'): TenantContext {
    const ports = {
      models: {
        active: async () => this.active,
        version: async (version) => modelOf(version),
      } as Pick<ModelRegistry, 'active' | 'version'> as ModelRegistry,
      endpoints: {
        invoke: async (request) => this.invoke(request),
        deployed: async () => this.served(),
      } as Pick<ModelEndpoints, 'invoke' | 'deployed'> as ModelEndpoints,
      scoring: this.scoringStore(),
      scoringRuns: this.scoringRuns(),
      scoreComparisons: this.scoreComparisons(),
    };
    return this.tenantContext(role, ports, { id: 'ada', requestId });
  }

  run(): ScoringRun {
    const run = this.runs.at(-1);
    if (!run) throw new Error('there is no run');
    return run;
  }

  /** The model scores that readers see, by customer; null while they see default scores. */
  seen(): ReadonlyMap<string, number> | null {
    return this.state.mode === 'model' ? (this.scores.get(this.state.shownRun ?? -1) ?? new Map()) : null;
  }

  private async invoke(request: Invocation): Promise<EndpointAnswer> {
    const rows = request.body.split('\n').map((line) => line.split(',').map(Number));
    this.asked.push({ rows: rows.length, at: this.clock, inferenceId: request.inferenceId });
    return this.behaviour(rows, request);
  }

  private scoringStore(): ScoringStore {
    return {
      read: async () => ({
        state: this.state,
        shown: this.runs.find(({ run }) => run === this.state.shownRun) ?? null,
        latest: this.runs.at(-1) ?? null,
      }),
      change: async (change, audit) => {
        const before = this.state;
        const after = change(before);
        this.state = after ?? before;
        this.recorded(after && audit?.(before, after));
        return this.state;
      },
    };
  }

  private scoringRuns(): ScoringRuns {
    const openRun = () => this.runs.find(({ state }) => state === 'waiting' || state === 'running');
    const put = (run: number, change: Partial<ScoringWorld['runs'][number]>) => {
      const at = this.runs.findIndex((one) => one.run === run);
      const before = this.runs[at];
      if (before) this.runs[at] = { ...before, ...change };
    };
    const leasedBy = (lease: Lease) =>
      this.runs.find(
        ({ run, holder, state }) => run === lease.run && holder === lease.holder && state === 'running',
      );
    const current = ({ version, revision }: ScoringRun) =>
      version === this.state.version && revision === this.revision;
    return {
      open: async ({ version, askedBy, force, at, audit }) => {
        if (this.customers.length === 0) return null;
        const same = (run: ScoringRun | undefined) =>
          run?.version === version && run.revision === this.revision;
        const open = openRun();
        if (open && same(open)) {
          this.recorded(audit?.(open));
          return open;
        }
        if (open) put(open.run, { state: 'superseded', finishedAt: at });
        if (!force && same(this.runs.find(({ run }) => run === this.state.shownRun))) return null;
        const made = {
          run: this.runs.length + 1,
          version,
          revision: this.revision,
          state: 'waiting' as const,
          askedBy,
          askedAt: at,
          startedAt: null,
          touchedAt: at,
          finishedAt: null,
          rowsDone: 0,
          rowsTotal: this.customers.length,
          lastCustomer: null,
          failure: null,
          holder: null,
        };
        this.runs.push(made);
        this.recorded(audit?.(made));
        return made;
      },
      claim: async ({ run, holder }, { at, staleBefore }) => {
        const one = openRun();
        if (one?.run !== run) return null;
        if (one.state === 'running' && one.holder !== holder && one.touchedAt > staleBefore) return null;
        put(run, { state: 'running', holder, touchedAt: at, startedAt: one.startedAt ?? at });
        return this.runs.find((each) => each.run === run) ?? null;
      },
      rows: async (after, limit) =>
        this.customers.filter(({ customerId }) => after === null || customerId > after).slice(0, limit),
      store: async (lease, { after, rows, probabilities, at }) => {
        const run = leasedBy(lease);
        if (!run || run.lastCustomer !== after) return 'lost';
        if (!current(run)) return 'superseded';
        const scores = this.scores.get(lease.run) ?? new Map<string, number>();
        for (const [index, { customerId }] of rows.entries())
          scores.set(customerId, probabilities[index] ?? Number.NaN);
        this.scores.set(lease.run, scores);
        put(lease.run, {
          rowsDone: run.rowsDone + rows.length,
          lastCustomer: rows.at(-1)?.customerId ?? after,
          touchedAt: at,
        });
        return 'written';
      },
      complete: async (lease, at, change, audit) => {
        const run = leasedBy(lease);
        if (!run) return 'lost';
        if (!current(run)) return 'superseded';
        put(lease.run, { state: 'done', finishedAt: at });
        this.state = change(this.state);
        this.recorded(audit);
        return 'written';
      },
      fail: async (lease, { reason, at }, change, audit) => {
        if (!leasedBy(lease)) return 'lost';
        put(lease.run, { state: 'failed', failure: reason, finishedAt: at });
        this.state = change(this.state);
        this.recorded(audit);
        return 'written';
      },
      supersede: async (at) => {
        const open = openRun();
        if (open) put(open.run, { state: 'superseded', finishedAt: at });
      },
      tidy: async (before) => {
        for (const { run, state, finishedAt } of this.runs) {
          const over =
            state !== 'waiting' && state !== 'running' && finishedAt !== null && finishedAt <= before;
          if (over && run !== this.state.shownRun) this.scores.delete(run);
        }
        return this.scores.size > 0;
      },
      finishIndexes: async (run) => void this.indexed.add(run),
    };
  }

  private scoreComparisons(): ScoreComparisons {
    return {
      pairs: async (run) =>
        run === this.state.shownRun
          ? {
              customers: this.customers.length,
              pairs: [...(this.scores.get(run)?.values() ?? [])].map((model) => ({
                default: 1 - model,
                model,
              })),
            }
          : null,
      past: async <H>(
        _: number,
        gather: (groups: AsyncIterable<readonly HistoryGroup[]>) => Promise<H>,
      ): Promise<Past<H> | null> => {
        const groups = this.pastGroups;
        if (this.pastRows.length === 0) return null;
        return {
          asOf: new Date('2025-10-03T00:00:00Z'),
          until: new Date('2026-01-01T00:00:00Z'),
          customers: this.pastRows.length,
          histories: await gather(
            (async function* () {
              yield groups;
            })(),
          ),
          rows: this.pastRows,
        };
      },
      newest: async () => this.kept,
      keep: async (comparison) => {
        this.kept = comparison;
      },
    };
  }
}

/** Runs `work` without waiting for the pauses between attempts. */
export async function quickly<T>(work: Promise<T>): Promise<T> {
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  done.catch(() => {});
  while (!over) await vi.advanceTimersByTimeAsync(50);
  return done;
}

/** Expects every customer to have the honest model's score for the customer's own features. */
export function expectHonest(world: ScoringWorld, change = 0): void {
  const customers = customersOf(world.customers.length, change);
  const seen = world.seen();
  expect(seen?.size).toBe(customers.length);
  for (const { customerId, features } of customers)
    expect(seen?.get(customerId)).toBe(honest(features.split(',').map(Number)));
}
