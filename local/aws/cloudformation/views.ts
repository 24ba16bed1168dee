import { createHash } from 'node:crypto';
import { awsNames } from '@/local/aws-names';
import { AwsError, type Caller, type StandIn } from '../core/service';
import { optionalText } from '../wire/rpc-input';
import { failedIn, type StackInstance, type StackSetOperation } from './store';

type Input = Record<string, unknown>;

const uuidOf = (seed: string): string =>
  createHash('sha256')
    .update(seed)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** `StackSetId` in CloudFormation's form. */
export const stackSetId = `${awsNames.stackSet}:${uuidOf(awsNames.stackSet)}`;

/** ARN of the stack set, in the account that administers it. */
const stackSetArn = (standIn: StandIn): string =>
  `arn:aws:cloudformation:${standIn.region}:${standIn.portalAccountId}:stackset/${stackSetId}`;

/** Throws AccessDenied. Throws StackSetNotFoundException unless the input names the baseline's stack set. */
export function authorizeStackSet(standIn: StandIn, input: Input, caller: Caller, action: string): void {
  standIn.authorize(caller, `cloudformation:${action}`, stackSetArn(standIn));
  const name = optionalText(input, 'StackSetName');
  if (name === awsNames.stackSet || name === stackSetId) return;
  throw new AwsError('StackSetNotFoundException', `StackSet ${name ?? ''} not found`, 404);
}

const stackSet = {
  StackSetName: awsNames.stackSet,
  StackSetId: stackSetId,
  Description:
    'What every workbench account has: the role that Annex assumes, the tenant bucket, the Studio domain.',
  Status: 'ACTIVE',
  AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: true },
  PermissionModel: 'SERVICE_MANAGED',
  ManagedExecution: { Active: true },
};

/** `StackSetSummary`. */
export const stackSetSummary = (): object => ({ ...stackSet, DriftStatus: 'NOT_CHECKED' });

/** `StackSet`. */
export function stackSetDetail(standIn: StandIn): object {
  return {
    ...stackSet,
    StackSetARN: stackSetArn(standIn),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    Parameters: [],
    Tags: [{ Key: 'app', Value: 'annex' }],
    OrganizationalUnitIds: [awsNames.mlOu],
    Regions: [standIn.region],
  };
}

/** `StackInstanceSummary`, and `StackInstance` with its `ParameterOverrides`. */
export function instanceView(standIn: StandIn, instance: StackInstance): Record<string, unknown> {
  const { accountId } = instance;
  const stack = `stack/StackSet-${awsNames.stackSet}/${uuidOf(`${awsNames.stackSet}/${accountId}`)}`;
  return {
    StackSetId: stackSetId,
    Region: standIn.region,
    Account: accountId,
    // As on AWS, a stack that was never created has no id.
    StackId:
      instance.detailedStatus === 'SUCCEEDED'
        ? `arn:aws:cloudformation:${standIn.region}:${accountId}:${stack}`
        : undefined,
    Status: instance.status,
    StatusReason: instance.reason ?? undefined,
    StackInstanceStatus: { DetailedStatus: instance.detailedStatus },
    OrganizationalUnitId: awsNames.mlOu,
    DriftStatus: 'NOT_CHECKED',
    LastOperationId: instance.operationId,
  };
}

/** `StackSetOperationSummary`, which `StackSetOperation` extends. */
export function operationView(operation: StackSetOperation): Record<string, unknown> {
  const failed = failedIn(operation);
  return {
    OperationId: operation.operationId,
    Action: 'CREATE',
    Status: operation.status,
    CreationTimestamp: operation.createdAt,
    EndTimestamp: operation.endedAt ?? undefined,
    StatusReason:
      operation.status === 'FAILED'
        ? `${failed} of ${operation.accountIds.length} stack instances failed.`
        : undefined,
    StatusDetails: { FailedStackInstancesCount: failed },
  };
}
