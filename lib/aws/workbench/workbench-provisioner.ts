import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  DescribeStackInstanceCommand,
  DescribeStackSetOperationCommand,
} from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeDomainCommand, paginateListDomains, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Provisioned, WorkbenchProvisioner } from '@/lib/domain/workbench/ports';
import { env } from '@/lib/env';
import { isAnnexError } from '@/lib/errors';
import { portalClient, tenantClient } from '../core/clients';
import { aws } from '../core/errors';
import { tenantBucket } from '../core/tenant-bucket';
import { accountFactory } from './account-factory';
import { plainReason } from './plain-reason';
import { unitOfAccounts } from './unit-of-accounts';

/**
 * Creates one tenant's workbench. Vends the account and runs the stack set's operations with the portal's role, and
 * checks the account's contents with the tenant's role there.
 */
export function workbenchProvisioner(tenantId: string): WorkbenchProvisioner {
  return {
    ...accountFactory(tenantId),
    async baseline(accountId, retryToken) {
      if (retryToken !== null && (await isOperationOpen(retryToken))) return { state: 'running' };
      const instance = await stackInstance(accountId);
      if (instance.state !== 'done') return instance;
      return (await isBucketThere(tenantId, accountId)) ? { state: 'done' } : { state: 'running' };
    },
    retryBaseline: repairInstance,
    domain: (accountId) => domainOf(tenantId, accountId),
  };
}

async function isOperationOpen(operationId: string): Promise<boolean> {
  const { ANNEX_STACK_SET: StackSetName } = env();
  try {
    const answer = await aws('checking the baseline', () =>
      portalClient(CloudFormationClient).send(
        new DescribeStackSetOperationCommand({ StackSetName, OperationId: operationId }),
      ),
    );
    const status = answer.StackSetOperation?.Status;
    return status === 'QUEUED' || status === 'RUNNING' || status === 'STOPPING';
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return false;
    throw error;
  }
}

async function stackInstance(accountId: string): Promise<Provisioned<object>> {
  const { ANNEX_STACK_SET: StackSetName, AWS_REGION } = env();
  try {
    const { StackInstance: instance } = await aws('checking the baseline', () =>
      portalClient(CloudFormationClient).send(
        new DescribeStackInstanceCommand({
          StackSetName,
          StackInstanceAccount: accountId,
          StackInstanceRegion: AWS_REGION,
        }),
      ),
    );
    const status = instance?.StackInstanceStatus?.DetailedStatus;
    if (instance?.Status === 'CURRENT' && (status === undefined || status === 'SUCCEEDED'))
      return { state: 'done' };
    if (status === undefined || status === 'PENDING' || status === 'RUNNING' || status === 'SUCCEEDED') {
      return { state: 'running' };
    }
    return {
      state: 'failed',
      reason: plainReason(instance?.StatusReason) ?? `AWS CloudFormation finished with status ${status}.`,
    };
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return { state: 'absent' };
    throw error;
  }
}

/** Checks for the baseline's bucket with the baseline's role. Both may take a moment to exist. */
async function isBucketThere(tenantId: string, accountId: string): Promise<boolean> {
  try {
    await aws('checking the bucket', () =>
      tenantClient(S3Client, { kind: 'silo', tenantId, accountId }).send(
        new HeadBucketCommand({ Bucket: tenantBucket(tenantId, accountId), ExpectedBucketOwner: accountId }),
      ),
    );
    return true;
  } catch (error) {
    if (isAnnexError(error, 'not_found', 'dependency_denied')) return false;
    throw error;
  }
}

/** Starts a new operation. On an instance that is not current, it recreates the stack. */
async function repairInstance(accountId: string, token: string): Promise<void> {
  const { ANNEX_STACK_SET, AWS_REGION } = env();
  try {
    await aws('requesting the baseline', () =>
      portalClient(CloudFormationClient).send(
        new CreateStackInstancesCommand({
          StackSetName: ANNEX_STACK_SET,
          DeploymentTargets: {
            OrganizationalUnitIds: [unitOfAccounts()],
            Accounts: [accountId],
            AccountFilterType: 'INTERSECTION',
          },
          Regions: [AWS_REGION],
          OperationId: token,
        }),
      ),
    );
  } catch (error) {
    // Only this operation uses the token, so a conflict means that it was already started.
    if (!isAnnexError(error, 'conflict')) throw error;
  }
}

async function domainOf(
  tenantId: string,
  accountId: string,
): Promise<Provisioned<{ readonly domainId: string }>> {
  const client = tenantClient(SageMakerClient, { kind: 'silo', tenantId, accountId });
  return aws('checking the Studio domain', async () => {
    const found: { id: string; status: string | undefined; createdAt: number }[] = [];
    for await (const page of paginateListDomains({ client }, {})) {
      for (const { DomainId, Status, CreationTime } of page.Domains ?? []) {
        if (DomainId) found.push({ id: DomainId, status: Status, createdAt: CreationTime?.getTime() ?? 0 });
      }
    }
    found.sort((a, b) => b.createdAt - a.createdAt);
    const domain = found.find(({ status }) => status === 'InService') ?? found.find(isNotLeaving);
    if (!domain) return { state: 'absent' };
    if (domain.status === 'InService') return { state: 'done', domainId: domain.id };
    if (domain.status !== 'Failed' && domain.status !== 'Update_Failed') return { state: 'running' };
    const { FailureReason } = await client.send(new DescribeDomainCommand({ DomainId: domain.id }));
    return { state: 'failed', reason: FailureReason ?? 'AWS could not create the Studio domain.' };
  });
}

function isNotLeaving({ status }: { readonly status: string | undefined }): boolean {
  return status !== 'Deleting' && status !== 'Delete_Failed';
}
