import { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { ControlContext } from '../context';
import type { PlanBook, PlanSummary, PlanVersion } from '../plans/ports';
import { usualOf } from '../workbench/usual';
import { standard as variant } from './fake-aws';
import { standardLimits } from './standard-plan';
import { World } from './world';

/** The control plane’s plans, in memory, and the plan of the world’s tenant. */
export class PlanWorld extends World {
  readonly plans = new Map<string, { name: string; retiredAt: Date | null; versions: PlanVersion[] }>();
  planOfTenant = 'standard';

  constructor() {
    super();
    this.add('standard', 'Standard', { limits: standardLimits, note: null });
  }

  private readonly book: PlanBook = {
    list: async () => [...this.plans.keys()].flatMap((id) => this.summary(id) ?? []),
    choices: async () => [...this.plans].map(([id, { name }]) => ({ id, name })),
    get: async (id) => this.summary(id),
    versions: async (id, limit) => this.plans.get(id)?.versions.slice(0, limit) ?? [],
    inForce: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const plan = this.summary(this.planOfTenant);
          if (id !== this.tenant.id || !plan) return [];
          const { version, limits } = plan.newest;
          return [[id, { id: plan.id, name: plan.name, version, limits }] as const];
        }),
      ),
    create: async ({ id, name }, version, event) => {
      if (this.plans.has(id)) throw new AnnexError('conflict', 'taken', { fields: { id: 'taken' } });
      this.add(id, name, version);
      this.audit.push(event);
    },
    append: async ({ planId, base, ...version }, audit) => {
      const plan = this.plans.get(planId);
      if (!plan) throw new AnnexError('not_found', 'none');
      if (plan.versions[0]?.version !== base) throw new AnnexError('conflict', 'somebody was first');
      plan.versions.unshift(this.version(planId, base + 1, version));
      this.audit.push(audit(base + 1));
      return base + 1;
    },
    assign: async (_, { from, to }, event) => {
      if (this.planOfTenant !== from) throw new AnnexError('conflict', 'another plan');
      if (!this.plans.has(to)) throw new AnnexError('not_found', 'none');
      this.planOfTenant = to;
      this.audit.push(event);
    },
    retire: async (id, event) => {
      const plan = this.plans.get(id);
      if (!plan) throw new AnnexError('not_found', 'none');
      if (this.planOfTenant === id) throw new AnnexError('conflict', 'in use');
      plan.retiredAt = new Date(this.clock);
      this.audit.push(event);
    },
  };

  /** A context across tenants for somebody with this role. */
  as(role: Role): ControlContext {
    return this.controlContext(role, {
      plans: this.book,
      catalog: { variants: async () => [variant], usual: async () => usualOf([]) },
    });
  }

  private add(id: string, name: string, version: Pick<PlanVersion, 'limits' | 'note'>): void {
    this.plans.set(id, { name, retiredAt: null, versions: [this.version(id, 1, version)] });
  }

  private version(
    planId: string,
    version: number,
    { limits, note }: Pick<PlanVersion, 'limits' | 'note'>,
  ): PlanVersion {
    return { planId, version, limits, note, createdAt: new Date(this.clock), createdBy: 'root@xyz.example' };
  }

  private summary(id: string): PlanSummary | null {
    const plan = this.plans.get(id);
    const newest = plan?.versions[0];
    if (!plan || !newest) return null;
    const { name, retiredAt } = plan;
    return { id, name, retiredAt, newest, createdAt: new Date(0), tenants: this.planOfTenant === id ? 1 : 0 };
  }
}
