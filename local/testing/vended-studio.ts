import { ListDomainsCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { until } from '../aws/testing/until';
import type { ProductAws } from './product-aws';

/** Gives a tenant its account with a Studio domain in service; returns the domain's id. `client`: of the tenant's role there. */
export async function vendStudio(
  stack: ProductAws,
  { tenantId, accountId }: { readonly tenantId: string; readonly accountId: string },
  client: () => SageMakerClient,
): Promise<string> {
  await stack.vend(tenantId, accountId);
  const { sageMaker } = stack.standIn.services;
  await sageMaker.ensureDomain({
    accountId,
    tenantId,
    instanceType: 'ml.t3.medium',
    idleTimeoutMinutes: 120,
  });
  await until('the domain', async () => (await sageMaker.domainStatus(accountId)) === 'InService');
  const [domain] = (await client().send(new ListDomainsCommand({}))).Domains ?? [];
  if (!domain?.DomainId) throw new Error(`There is no domain in ${accountId}.`);
  return domain.DomainId;
}
