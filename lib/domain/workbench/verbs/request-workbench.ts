import { ulid } from 'ulid';
import { includesVariant } from '@/lib/domain/plans/limits';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import type { WorkbenchVariant } from '../ports';
import { recordRequest } from '../records';
import { requestWorkbenchInput } from '../schemas';
import { newRequest } from '../steps';

/**
 * Requests the tenant's workbench and returns the live request, whether new or existing. Throws `forbidden`; `invalid` with the
 * field for a variant, parameter or value that the catalogue or the tenant’s plan does not offer.
 */
export const requestWorkbench = tenantVerb('workbench.request', requestWorkbenchInput, async (ctx, input) => {
  const { workbenches, catalog, jobs } = ctx.ports;
  const present = await workbenches.live();
  if (present) {
    // An earlier request may have ended before it sent its job.
    if (present.state === 'provisioning') await jobs.send(advance(present.requestId));
    return present;
  }
  const variant = (await catalog.variants()).find(({ id }) => id === input.variantId);
  if (!variant) throw invalid('variantId', 'This variant is no longer available. Choose another one.');
  // Onboarding was asked for under the plan of that time, and goes on.
  if (!ctx.actor.roles.includes('system')) {
    const plan = await ctx.ports.plan.current();
    if (!includesVariant(plan, variant.id)) {
      throw invalid(
        'variantId',
        `Your plan, ${plan.name}, doesn’t include ${variant.name}. Choose another one. An administrator can change the plan.`,
      );
    }
  }
  const at = ctx.now();
  const wanted = newRequest(
    {
      requestId: ulid(at.getTime()),
      variant: { id: variant.id, artifactId: variant.artifactId, name: variant.name },
      parameters: chosenParameters(variant, input.parameters),
      requestedBy: { id: ctx.actor.id, name: ctx.actor.name },
    },
    at,
  );
  const live = await workbenches.createLive(wanted);
  if (live.requestId === wanted.requestId) await recordRequest(ctx, live);
  await jobs.send(advance(live.requestId));
  return live;

  function advance(requestId: string) {
    return { kind: 'workbench.advance', requestId } as const;
  }
});

function chosenParameters(
  variant: WorkbenchVariant,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = new Set(variant.parameters.map(({ key }) => key));
  for (const key of Object.keys(given)) {
    if (!known.has(key)) throw invalid(`parameters.${key}`, `${variant.name} has no setting with this name.`);
  }
  return Object.fromEntries(
    variant.parameters.map(({ key, label, defaultValue, allowedValues }) => {
      const value = (Object.hasOwn(given, key) ? given[key] : undefined) ?? defaultValue;
      if (allowedValues.length > 0 && !allowedValues.includes(value)) {
        throw invalid(`parameters.${key}`, `${label} must be one of ${allowedValues.join(', ')}.`);
      }
      if (value === '') throw invalid(`parameters.${key}`, `${label} is required.`);
      return [key, value];
    }),
  );
}

function invalid(field: string, text: string): AnnexError {
  return new AnnexError('invalid', text, { fields: { [field]: text } });
}
