import type { TenantContext } from '../context';
import { isReached, limitReached } from '../plans/limits';
import type { ModelEndpoints, ModelRegistry } from './ports';

/** Names that are read at a time, and in all: more would take too many calls. */
const [pageSize, mostNames] = [100, 1000];

/** Names of the endpoints in the tenant's account, at most a thousand. Throws what asking SageMaker throws. */
export async function presentEndpoints(endpoints: Pick<ModelEndpoints, 'list'>): Promise<readonly string[]> {
  const names: string[] = [];
  for (let after: string | undefined; names.length < mostNames; ) {
    const page = await endpoints.list({ after, limit: pageSize });
    names.push(...page.endpoints.map(({ name }) => name));
    if (page.next === null) break;
    after = page.next;
  }
  return names;
}

/**
 * What registering a further endpoint has to pass: the plan counts those with a version that are there. Undefined without a limit. `kept`
 * says what was not done.
 */
export async function endpointLimit(
  ctx: TenantContext,
  endpointName: string,
  kept: string,
): Promise<Parameters<ModelRegistry['register']>[1]> {
  const plan = await ctx.ports.plan.current();
  if (plan.limits.endpoints === null) return undefined;
  const among = (await presentEndpoints(ctx.ports.endpoints)).filter((name) => name !== endpointName);
  const check = (others: number) => {
    if (!isReached(plan, 'endpoints', others)) return;
    const use = `${others === 1 ? 'One other is' : `${others} others are`} registered and there. Delete one in SageMaker, or deploy the model behind one of them.`;
    throw limitReached(plan, 'endpoints', { use, kept, field: 'endpointName' });
  };
  return { among, check };
}

/** Throws `conflict` for an endpoint without a version when the plan allows no further one; and what asking SageMaker throws. */
export async function checkEndpointLimit(
  ctx: TenantContext,
  endpointName: string,
  kept: string,
): Promise<void> {
  const { models } = ctx.ports;
  const limit = await endpointLimit(ctx, endpointName, kept);
  if (!limit) return;
  const [registered] = await models.endpoints({ name: endpointName, limit: 1 });
  if (!registered) limit.check(await models.countEndpoints(limit.among));
}
