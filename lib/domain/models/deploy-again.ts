import { isAnnexError } from '@/lib/errors';
import { record } from '../audit/record';
import type { TenantContext } from '../context';
import type { DeployedEndpoint, ModelVersion } from './ports';

/** Delay of the first check, s. Longer than the call to SageMaker takes. */
const firstCheckSeconds = 20;

/**
 * Has SageMaker redeploy what was tested as `model`; the worker activates it once it is there. Returns null when that is under
 * way, otherwise why it is impossible and what to do, for people. Throws what asking SageMaker or the queue throws.
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
  // Sent first, so that the redeployed model is activated even if this process ends.
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
    result: 'asked',
    detail: { version, configuration: deployment.configName },
    key: `${endpointName}/${at}`,
  });
  return null;
}
