import { AnnexError } from '@/lib/errors';
import type { Actor, Role } from '../actor';
import type { ControlContext, TenantContext } from '../context';
import type { CustomerOverview, CustomerStore } from '../crm/ports';
import { datasets } from '../extracts/datasets';
import { isOver } from '../extracts/lifecycle';
import {
  type DatasetName,
  datasetNames,
  type Extract,
  type ExtractOrders,
  type ExtractPolicy,
  type ExtractPorts,
  type ExtractStore,
  type Mask,
  type OpenExtractIndex,
  type RowEstimate,
} from '../extracts/ports';
import { advanceExtract } from '../extracts/verbs/advance-extract';
import { submitExtract } from '../extracts/verbs/submit-extract';
import { sweepExtracts } from '../extracts/verbs/sweep-extracts';
import { hourMs } from '../time';
import { survive } from './crash';
import { FakeGlue } from './fake-glue';
import { type Message, World } from './world';

/** A policy that permits every column of `dataset`, masked by `masks`. */
export function policyOf(
  dataset: DatasetName,
  masks: Readonly<Record<string, Mask>> = {},
  version = 1,
): ExtractPolicy {
  const open = Object.fromEntries(datasets[dataset].columns.map(({ name }) => [name, 'none' as const]));
  return {
    dataset,
    version,
    columns: { ...open, ...masks },
    rowLimit: null,
    createdAt: new Date(0),
    createdBy: 'Annex',
  };
}

/** Three years of history, up to 1 March 2026. */
const someOverview: CustomerOverview = {
  customers: 1000,
  orders: 4000,
  asOf: new Date('2026-03-01'),
  firstOrderAt: new Date('2023-03-01T09:00:00Z'),
  lastOrderAt: new Date('2026-02-28T12:00:00Z'),
  importedAt: new Date('2026-03-01T08:00:00Z'),
  histogram: [],
  bands: { high: 0, medium: 0, low: 0 },
  scoring: { state: 'none' },
  source: { kind: 'default' },
};

/** A tenant's extracts: their store, Glue and the bucket. */
export class ExtractWorld extends World {
  readonly glue = new FakeGlue(() => this.clock);
  readonly extracts = new Map<string, Extract>();
  readonly policies = new Map(datasetNames.map((name) => [name, policyOf(name)]));
  overview = someOverview;
  /** What the replica says of the number of rows. */
  rows: RowEstimate = { rows: 1234, basis: 'estimated' };
  /** Job runs of other tenants. */
  load = 0;
  readonly orders: ExtractOrders = { seal: async (order) => ({ ...order, watermark: 1n, seal: 'sealed' }) };
  /** When the sweeps sent each request, as they remember it. */
  readonly swept = new Map<string, number>();

  private readonly store: ExtractStore = {
    get: async (requestId) => this.extracts.get(requestId) ?? null,
    create: async (extract) => {
      const present = this.extracts.get(extract.requestId) ?? extract;
      this.extracts.set(extract.requestId, present);
      return present;
    },
    update: async (extract) => {
      const next = { ...extract, revision: extract.revision + 1 };
      if (this.extracts.get(extract.requestId)?.revision !== extract.revision) {
        throw new AnnexError('conflict', 'another write came first');
      }
      this.extracts.set(extract.requestId, next);
      return next;
    },
    remove: async ({ requestId, revision }) => {
      if (this.extracts.get(requestId)?.revision !== revision) {
        throw new AnnexError('conflict', 'another write came first');
      }
      this.extracts.delete(requestId);
    },
    list: async ({ before, limit }) => {
      const all = [...this.extracts.values()].toSorted((a, b) => (a.requestId < b.requestId ? 1 : -1));
      const from = before === undefined ? all : all.filter(({ requestId }) => requestId < before);
      return {
        extracts: from.slice(0, limit),
        next: from.length > limit ? (from[limit - 1]?.requestId ?? null) : null,
        previous: before === undefined ? null : (from[0]?.requestId ?? null),
      };
    },
    open: async () => [...this.extracts.values()].filter((extract) => !isOver(extract)),
    requestedSince: async (since) =>
      [...this.extracts.values()].filter(({ requestedAt }) => requestedAt >= since),
  };

  private readonly extractPorts: ExtractPorts = {
    store: this.store,
    policies: {
      current: async (dataset) => this.policies.get(dataset) ?? null,
      all: async () => [...this.policies.values()],
    },
    reader: {
      preview: async ({ columns }) => [columns.map(({ name }) => name)],
      estimateRows: async () => this.rows,
    },
    runner: this.glue.runner,
    orders: this.orders,
    files: this.glue.files,
    load: { running: async () => this.load + this.glue.active() },
  };

  /** A context for an actor of the tenant, with ports that the killer watches. */
  as(role: Role, actor: Partial<Actor> = {}): TenantContext {
    const customers = { overview: async () => this.overview } as CustomerStore;
    return this.tenantContext(role, { customers, extracts: this.watchedPorts(this.extractPorts) }, actor);
  }

  asControl(role: Role): ControlContext {
    const openExtracts: OpenExtractIndex = {
      open: async ({ state }) => ({
        extracts: [...this.extracts.values()]
          .filter((extract) => extract.state === state)
          .map(({ requestId, updatedAt }) => ({ tenantId: this.tenant.id, requestId, updatedAt })),
        next: null,
      }),
    };
    return this.controlContext(role, { openExtracts });
  }

  single(): Extract {
    const [extract, ...others] = this.extracts.values();
    if (!extract || others.length > 0) throw new Error(`there are ${this.extracts.size} extracts`);
    return extract;
  }

  /**
   * Does the worker's work until `until`, by default until every extract is in a final state and no interrupted work is left; for
   * at most `hours` on the clock. Without `sweeps`, only messages drive the work.
   */
  async work(until = () => this.isDone(), hours = 1, sweeps = true): Promise<void> {
    const end = this.clock + hours * hourMs;
    while (!until()) {
      if (this.clock > end) throw new Error(`stuck: ${JSON.stringify([...this.extracts.values()])}`);
      const message = this.nextMessage();
      if (message && (!sweeps || message.dueAt <= this.clock + 15_000)) await this.deliver(message);
      else if (sweeps) await this.sweep();
      else throw new Error('there is no message left');
    }
  }

  /** Delivers one message; after a crash, it comes again later. */
  async deliver(message: Message): Promise<void> {
    const { job } = message;
    if (job.kind !== 'extract.advance') throw new Error(`no work for ${job.kind}`);
    const { requestId } = job;
    await this.handle(message, () =>
      advanceExtract(this.as('system', { id: 'worker', name: 'Annex' }), { requestId }),
    );
  }

  async sweep(): Promise<void> {
    this.clock += 15_000;
    await survive(() => sweepExtracts(this.asControl('system'), { untouchedSeconds: 90, sent: this.swept }));
  }

  private isDone(): boolean {
    return [...this.extracts.values()].every(isOver) && !this.messages.some(({ again }) => again);
  }
}

/** A world with one extract of orders, just requested. */
export async function submitted(): Promise<ExtractWorld> {
  const world = new ExtractWorld();
  await submitExtract(world.as('scientist'), { draft: { dataset: 'orders' } });
  return world;
}
