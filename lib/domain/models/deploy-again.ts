import { isAnnexError } from '@/lib/errors';
import { record } from '../audit/record';
import type { TenantContext } from '../context';
import type { DeployedEndpoint, ModelVersion } from './ports';

/** Before the first check of what SageMaker was told, s. Longer than telling it takes. */
const firstCheckSeconds = 20;

/**
 * Has SageMaker deploy again what was tested as `model`, and the worker activate it when it is there. Null when that is on its
 * way; else why it cannot be and what to do, for people. Throws what asking SageMaker or the queue throws.
 */
export async function deployAgain(
  ctx: TenantContext,
  { version, endpointName, report: { deployment } }: ModelVersion,
  endpoint: DeployedEndpoint,
): Promise<string | null> {
  const orElse = 'Test what the endpoint serves now and activate it as a new version.';
  if (!deployment) return orElse;
  if (endpoint.status !== 'InService') {
    return `SageMaker reports the endpoint as ${endpoint.status} and can’t deploy anything else until it is in service. Try again then.`;
  }
  const at = ctx.now().toISOString();
  const by = { id: ctx.actor.id, name: ctx.actor.name };
  // Sent first: whatever ends the process afterwards, what SageMaker deploys is activated.
  await ctx.ports.jobs.send(
    { kind: 'models.roll-back', version, asked: { at, by } },
    { delaySeconds: firstCheckSeconds },
  );
  try {
    await ctx.ports.endpoints.deployAgain(endpointName, deployment);
  } catch (error) {
    if (isAnnexError(error, 'not_found', 'conflict')) return `${error.message} ${orElse}`;
    throw error;
  }
  await record(ctx, {
    action: 'models.roll-back',
    subject: `endpoint/${endpointName}`,
    detail: { version, configuration: deployment.configName },
    key: `${endpointName}/${at}`,
  });
  return null;
}
