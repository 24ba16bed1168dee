import { isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { otherModel } from '../models/deployment';
import type { DeployedEndpoint, ModelVersion } from '../models/ports';
import { ModelFailure } from './ask-model';

/**
 * Throws ModelFailure when the endpoint serves something other than what was tested as `model`, or SageMaker does not say: the
 * scores would be another model's. The cause is `unreachable`, not `answers`: once the tested model is served again, its scores
 * are shown again.
 */
export async function requireTestedModel(
  ctx: TenantContext,
  { version, endpointName, report }: ModelVersion,
): Promise<void> {
  const endpoint = await deployed(ctx, endpointName);
  const other = otherModel(endpoint, { version, tested: report.deployment });
  if (other)
    throw new ModelFailure(
      'unreachable',
      `${other} Test and activate what it serves, or deploy the tested model again.`,
    );
}

async function deployed({ ports }: TenantContext, endpointName: string): Promise<DeployedEndpoint> {
  try {
    const endpoint = await ports.endpoints.deployed(endpointName);
    if (endpoint) return endpoint;
  } catch (error) {
    if (!isAnnexError(error)) throw error;
    throw new ModelFailure('unreachable', error.message, { cause: error });
  }
  throw new ModelFailure('unreachable', `The endpoint ${endpointName} no longer exists.`);
}
