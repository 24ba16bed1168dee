import type { DescribeStackInstanceOutput } from '@aws-sdk/client-cloudformation';
import type { ListDomainsResponse } from '@aws-sdk/client-sagemaker';
import type { DescribeRecordOutput, ProvisionProductOutput } from '@aws-sdk/client-service-catalog';
import { type FakeStandIn, tenantCaller } from './fake-stand-in';

/** Input of `ProvisionProduct` for a tenant's workbench; `changed` replaces provisioning parameters. */
export function provisionInput(
  token: string,
  tenant = 'foo',
  changed: Readonly<Record<string, string>> = {},
) {
  const parameters = {
    AccountName: `annex-${tenant}`,
    AccountEmail: `annex+${tenant}@example.com`,
    ManagedOrganizationalUnit: 'ou-annx-ml000001',
    TenantId: tenant,
    ExternalId: `annex-${tenant}`,
    InstanceType: 'ml.t3.large',
    IdleTimeoutMinutes: '120',
    ...changed,
  };
  return {
    ProductId: 'prod-annexstandard',
    ProvisioningArtifactId: 'pa-annexstandrd1',
    ProvisionedProductName: `annex-${tenant}`,
    ProvisionToken: token,
    ProvisioningParameters: Object.entries(parameters).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Input of `CreateStackInstances` that makes the baseline of one account again. */
export const repairInput = (accountId: string, OperationId: string) => ({
  StackSetName: 'annex-ml-baseline',
  DeploymentTargets: {
    OrganizationalUnitIds: ['ou-annx-ml000001'],
    Accounts: [accountId],
    AccountFilterType: 'INTERSECTION' as const,
  },
  Regions: ['us-east-1'],
  OperationId,
});

/** The calls that the tests of provisioning are made of. */
export interface FakeClient {
  /** `RecordDetail` of `ProvisionProduct`. */
  provision(
    token: string,
    tenant?: string,
    changed?: Readonly<Record<string, string>>,
  ): Promise<ProvisionRecord>;
  /** `RecordDetail` of `DescribeRecord`, with the account among its outputs. */
  record(recordId: string): Promise<Partial<ProvisionRecord> & { readonly accountId: string }>;
  /** Provisions and waits to the end; the account's id. */
  accountOf(token: string, tenant?: string): Promise<string>;
  instance(accountId: string): Promise<DescribeStackInstanceOutput['StackInstance']>;
  repair(accountId: string, operationId: string): Promise<void>;
  /** The first domain of the account. */
  domain(accountId: string): Promise<NonNullable<ListDomainsResponse['Domains']>[number] | undefined>;
}

type ProvisionRecord = NonNullable<ProvisionProductOutput['RecordDetail']> & { readonly RecordId: string };

/** Makes the calls against `fake`. */
export function createFakeClient(fake: FakeStandIn): FakeClient {
  const client: FakeClient = {
    async provision(token, tenant, changed) {
      const input = provisionInput(token, tenant, changed);
      const { RecordDetail } = await fake.call<ProvisionProductOutput>(
        'servicecatalog',
        'ProvisionProduct',
        input,
      );
      if (!RecordDetail?.RecordId) throw new Error('no record');
      return { ...RecordDetail, RecordId: RecordDetail.RecordId };
    },
    async record(Id) {
      const answer = await fake.call<DescribeRecordOutput>('servicecatalog', 'DescribeRecord', { Id });
      return {
        ...answer.RecordDetail,
        RecordId: Id,
        accountId: String(answer.RecordOutputs?.[0]?.OutputValue),
      };
    },
    async accountOf(token, tenant) {
      const { RecordId } = await client.provision(token, tenant);
      await fake.settle();
      return (await client.record(RecordId)).accountId;
    },
    async instance(accountId) {
      const { StackInstance } = await fake.call<DescribeStackInstanceOutput>(
        'cloudformation',
        'DescribeStackInstance',
        {
          StackSetName: 'annex-ml-baseline',
          StackInstanceAccount: accountId,
          StackInstanceRegion: 'us-east-1',
        },
      );
      return StackInstance;
    },
    async repair(accountId, operationId) {
      await fake.call('cloudformation', 'CreateStackInstances', repairInput(accountId, operationId));
    },
    async domain(accountId) {
      const caller = tenantCaller(accountId, 'any');
      const { Domains } = await fake.call<ListDomainsResponse>('sagemaker', 'ListDomains', {}, caller);
      return Domains?.[0];
    },
  };
  return client;
}
