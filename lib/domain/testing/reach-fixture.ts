import { nothing, tenantVerb } from '@/lib/domain/verb';
import { record } from '../audit/record';
import type { TenantContext } from '../context';
import type { Extract, ExtractStore } from '../extracts/ports';
import type { ModelEndpoints } from '../models/ports';

// Verbs that change something in as many ways as somebody might write. `walkVerbs` has to see through each; nothing else uses them.

export const openly = tenantVerb('models.activate', nothing, (ctx) =>
  ctx.ports.models.activate({ version: null, by: 'x', at: ctx.now() }),
);

export const byAnotherName = tenantVerb('scores.look', nothing, async ({ ports: { scoring: it } }) => {
  const change = it.change.bind(it);
  await change((state) => state);
});

export const takenOut = tenantVerb('extracts.cancel', nothing, async (ctx) => {
  const { remove: away } = ctx.ports.extracts.store;
  await away({} as Extract);
});

export const asAValue = tenantVerb('workbench.retry', nothing, async ({ ports }) =>
  [ports.workbenches.update].map((each) => each.name).join(),
);

export const byAString = tenantVerb('scores.run', nothing, (ctx) =>
  // biome-ignore lint/complexity/useLiteralKeys: this is what is tried
  ctx.ports['scoringRuns']['supersede'](ctx.now()),
);

const store = (ctx: TenantContext): Pick<ExtractStore, 'create'> => ctx.ports.extracts.store;

async function helped(ctx: TenantContext): Promise<void> {
  await store(ctx).create({} as Extract);
  await record(ctx, { action: 'extracts.submit', subject: 'extract/x' });
}

export const throughHelpers = tenantVerb('extracts.submit', nothing, helped);

const deeds = {
  deploy: ({ deployAgain }: ModelEndpoints) =>
    deployAgain('x', { configName: 'x', configCreatedAt: null, variants: [] }),
};

export const inAnObject = tenantVerb('models.roll-back', nothing, (ctx) => deeds.deploy(ctx.ports.endpoints));

export const onlyReading = tenantVerb('models.view', nothing, (ctx) => ctx.ports.models.active());
