import { AnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { orRefusal } from '../reconcile';
import type { Deployment } from './ports';
import { type DeploymentStepName, deployedName, type Subscription } from './subscription';

/** What a step has come to. */
export type Outcome =
  | { readonly state: 'done' | 'running' }
  | { readonly state: 'failed'; readonly reason: string };

const done: Outcome = { state: 'done' };

/** Does what the step `name` needs now. Throws what may pass. */
export async function runStep(
  ctx: TenantContext,
  subscription: Subscription,
  name: DeploymentStepName,
): Promise<Outcome> {
  const outcome = await orRefusal(async () =>
    step(ctx, await deploymentOf(ctx, subscription), subscription, name),
  );
  return 'refusal' in outcome ? { state: 'failed', reason: outcome.refusal } : outcome;
}

async function step(
  { ports }: TenantContext,
  deployment: Deployment,
  subscription: Subscription,
  name: DeploymentStepName,
): Promise<Outcome> {
  switch (name) {
    case 'model':
      await ports.deployments.createModel(deployment);
      return done;
    case 'configuration':
      await ports.deployments.createConfiguration(deployment);
      return done;
    case 'endpoint': {
      const endpoint = await ports.deployments.endpoint(deployment);
      if (endpoint.state === 'failed') return endpoint;
      return { state: endpoint.state === 'ready' ? 'done' : 'running' };
    }
    case 'test': {
      const listing = await ports.market.get(subscription.listingId);
      if (!listing) throw new AnnexError('not_found', 'The listing is no longer there.');
      const { sampleRequest: body, sampleType: contentType, accept } = listing;
      const reason = await ports.deployments.test(deployment, { body, contentType, accept });
      return reason === null ? done : { state: 'failed', reason };
    }
  }
}

async function deploymentOf(
  { ports, tenant }: TenantContext,
  subscription: Subscription,
): Promise<Deployment> {
  const { listingId, accountId, version } = subscription;
  if (tenant.accountId !== accountId) {
    throw new AnnexError(
      'conflict',
      'The subscription is of another AWS account than the one of your workbench.',
    );
  }
  const [workbench, sold] = await Promise.all([
    ports.workbenches.live(),
    version === null ? null : ports.market.version(listingId, version),
  ]);
  if (!workbench || workbench.domainId === null || workbench.state !== 'ready') {
    throw new AnnexError(
      'conflict',
      'The model works with the execution role of your workbench, which is not ready. Retry once it is.',
    );
  }
  if (!sold) throw new AnnexError('not_found', 'The listing has no such version.');
  const { modelPackageArn, instanceType } = sold;
  return {
    accountId,
    name: deployedName(subscription),
    domainId: workbench.domainId,
    modelPackageArn,
    instanceType,
  };
}
