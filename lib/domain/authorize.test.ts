import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Actor } from './actor';
import { type Role, roles } from './actor';
import { type Action, authorize, permissions } from './authorize';
import type { ControlContext, TenantContext } from './context';
import type { Verb } from './verb';
import { untouchable } from './workbench/testing';

/** Files under lib/domain that make no verb. Whatever is not here must export one. */
const helpers = new Set([
  'actor.ts',
  'authorize.ts',
  'context.ts',
  'csv.ts',
  'cursor.ts',
  'jobs.ts',
  'ports.ts',
  'sweep.ts',
  'verb.ts',
  'churn/bg-nbd.ts',
  'churn/bg-nbd-fit.ts',
  'churn/bg-nbd-likelihood.ts',
  'churn/feature-sql.ts',
  'churn/history-table.ts',
  'churn/minimise.ts',
  'crm/customers-csv.ts',
  'crm/features.ts',
  'crm/sorting.ts',
  'scoring/agreement.ts',
  'scoring/arrangement.ts',
  'scoring/ask-in-pace.ts',
  'scoring/ask-model.ts',
  'scoring/follow-active.ts',
  'scoring/limits.ts',
  'scoring/pace.ts',
  'scoring/served-model.ts',
  'scoring/testing.ts',
  'scoring/transitions.ts',
  'models/answers.ts',
  'models/contract-checks.ts',
  'models/contract-rows.ts',
  'models/contract-test.ts',
  'models/deploy-again.ts',
  'models/deployment.ts',
  'models/excerpt.ts',
  'models/inference-id.ts',
  'models/interface.ts',
  'models/make-active.ts',
  'models/probe.ts',
  'models/tested.ts',
  'models/testing.ts',
  'models/versions-csv.ts',
  'monitoring/figures.ts',
  'monitoring/metrics-csv.ts',
  'monitoring/testing.ts',
  'monitoring/windows.ts',
  'extracts/audit.ts',
  'extracts/datasets.ts',
  'extracts/dates.ts',
  'extracts/extracts-csv.ts',
  'extracts/fake-glue.ts',
  'extracts/lifecycle.ts',
  'extracts/limits.ts',
  'extracts/masking.ts',
  'extracts/plan.ts',
  'extracts/policy.ts',
  'extracts/query.ts',
  'extracts/replan.ts',
  'extracts/room.ts',
  'extracts/silence.ts',
  'extracts/start-run.ts',
  'extracts/testing.ts',
  'extracts/watch-run.ts',
  'tenants/tenant.ts',
  'workbench/fake-aws.ts',
  'workbench/observe.ts',
  'workbench/profile-name.ts',
  'workbench/record-end.ts',
  'workbench/steps.ts',
  'workbench/testing.ts',
]);

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('fixtures/'))
  .filter((file) => !/(^|\/)(schemas|ports)\.ts$/.test(file) && !helpers.has(file));

type AnyVerb = Verb<TenantContext & ControlContext, never, unknown>;

async function verbsOf(file: string): Promise<readonly (readonly [string, AnyVerb])[]> {
  const module = (await import(/* @vite-ignore */ join(root, file))) as Record<string, unknown>;
  return Object.entries(module).filter((entry): entry is [string, AnyVerb] => isVerb(entry[1]));
}

function isVerb(value: unknown): value is AnyVerb {
  return typeof value === 'function' && 'action' in value;
}

function actor(...held: string[]): Actor {
  return { id: 'x', name: 'x', roles: held as Role[] };
}

function contextOf(who: Actor, state: 'active' | 'suspended' = 'active'): TenantContext & ControlContext {
  return {
    actor: who,
    tenant: { id: 'foo', name: 'Foo', state, accountId: null, createdAt: new Date(0) },
    ports: untouchable('a port'),
    requestId: 'r',
    log: untouchable('the log'),
    now: () => new Date(),
  };
}

describe('every file of the domain', () => {
  it('is there', () => expect(files.length).toBeGreaterThan(8));

  it.each(files)('%s makes a verb, and one that refuses before it touches anything', async (file) => {
    const verbs = await verbsOf(file);
    expect(verbs.length).toBeGreaterThan(0);
    for (const [, verb] of verbs) {
      expect(permissions).toHaveProperty([verb.action]);
      const allowed: readonly string[] = permissions[verb.action];
      const others = roles.filter((role) => !allowed.includes(role));
      for (const held of [[], others, ['root', 'constructor', '__proto__']]) {
        await expect(verb(contextOf(actor(...held)), {} as never)).rejects.toMatchObject({
          code: 'forbidden',
        });
      }
    }
  });

  it('leaves no action without a verb but those of later pages', async () => {
    const made = (await Promise.all(files.map(verbsOf))).flat().map(([, { action }]) => action);
    const open = Object.keys(permissions).filter((action) => !made.some((one) => one === action));
    expect(open).toEqual(['tenant.view', 'listings.view']);
  });
});

describe('authorize', () => {
  it('refuses an action that is not in the table to everybody', () => {
    for (const action of ['tenants.delete', 'toString', '__proto__']) {
      expect(() => authorize(actor(...roles), action as Action, null)).toThrow(/role/);
    }
  });

  it('refuses everybody of a suspended tenant but the system', () => {
    expect(() => authorize(actor('scientist'), 'workbench.view', 'suspended')).toThrow(/suspended/);
    expect(() => authorize(actor('scientist'), 'workbench.view', 'active')).not.toThrow();
    expect(() => authorize(actor('system'), 'workbench.advance', 'suspended')).not.toThrow();
  });
});
