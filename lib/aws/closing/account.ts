import {
  CloudFormationClient,
  DeleteStackInstancesCommand,
  DescribeStackInstanceCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloseAccountCommand,
  DescribeAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { TenantEstate } from '@/lib/domain/closing/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { portalClient } from '../core/clients';
import { aws } from '../core/errors';
import { discardAccount } from '../workbench/account-factory';
import { plainReason } from '../workbench/plain-reason';
import { unitOfAccounts } from '../workbench/unit-of-accounts';

/** Deletes the stack instance in the account: it holds the domain, the bucket and the role. */
export const deleteStackInstance: TenantEstate['deleteBaseline'] = async (accountId, operationId) => {
  const { ANNEX_STACK_SET: StackSetName, AWS_REGION } = env();
  const instance = await instanceIn(accountId);
  if (!instance) return { state: 'gone' };
  const last = instance.LastOperationId === operationId;
  if (last && instance.StackInstanceStatus?.DetailedStatus === 'FAILED') {
    return {
      state: 'failed',
      reason: plainReason(instance.StatusReason) ?? 'AWS CloudFormation could not delete the stack.',
    };
  }
  if (last) return { state: 'running' };
  try {
    await aws('deleting the baseline', () =>
      portalClient(CloudFormationClient).send(
        new DeleteStackInstancesCommand({
          StackSetName,
          DeploymentTargets: {
            OrganizationalUnitIds: [unitOfAccounts()],
            Accounts: [accountId],
            AccountFilterType: 'INTERSECTION',
          },
          Regions: [AWS_REGION],
          RetainStacks: false,
          OperationId: operationId,
        }),
      ),
    );
  } catch (error) {
    // Only this operation uses the id, so a conflict means that it was already started.
    if (!isAnnexError(error, 'conflict')) throw error;
  }
  return { state: 'running' };
};

async function instanceIn(accountId: string) {
  const { ANNEX_STACK_SET: StackSetName, AWS_REGION } = env();
  try {
    const { StackInstance } = await aws('checking the baseline', () =>
      portalClient(CloudFormationClient).send(
        new DescribeStackInstanceCommand({
          StackSetName,
          StackInstanceAccount: accountId,
          StackInstanceRegion: AWS_REGION,
        }),
      ),
    );
    return StackInstance ?? null;
  } catch (error) {
    if (isAnnexError(error, 'not_found')) return null;
    throw error;
  }
}

/** Removes the account from Service Catalog, then closes it. AWS keeps a closed account for 90 days, in which nothing runs. */
export async function closeTenantAccount(
  tenantId: string,
  accountId: string | null,
): Promise<{ readonly state: 'running' | 'closed' }> {
  if (!(await discardAccount(tenantId))) return { state: 'running' };
  if (accountId === null) return { state: 'closed' };
  const client = portalClient(OrganizationsClient);
  const { Account } = await aws('checking the account', () =>
    client.send(new DescribeAccountCommand({ AccountId: accountId })),
  );
  const state = Account?.State ?? Account?.Status;
  if (state === 'SUSPENDED' || state === 'CLOSED') return { state: 'closed' };
  if (state === 'PENDING_CLOSURE') return { state: 'running' };
  try {
    await aws('closing the account', () => client.send(new CloseAccountCommand({ AccountId: accountId })));
  } catch (error) {
    if (!isAnnexError(error, 'conflict')) throw quotaInWords(error);
  }
  return { state: 'running' };
}

/** AWS closes a fifth of an organization's accounts in 30 days, or 250 if that is more. */
function quotaInWords(error: unknown): unknown {
  const said = error instanceof AnnexError && error.cause instanceof Error ? error.cause : null;
  if (said?.name !== 'ConstraintViolationException') return error;
  return new AnnexError(
    'dependency_failed',
    `AWS does not close the account yet: ${said.message} It closes a limited number of accounts in 30 days. Everything in the account is deleted. Retry later, or close it in the AWS Organizations console.`,
    { cause: error, transient: false },
  );
}
