import {
  CloudFormationClient,
  DescribeStackInstanceCommand,
  type StackInstance,
} from '@aws-sdk/client-cloudformation';
import { GetJobCommand, GlueClient } from '@aws-sdk/client-glue';
import type { Call, Observation, Target } from '@/lib/domain/doctor/ports';
import { isLate } from '@/lib/domain/doctor/waits';
import { env } from '@/lib/env';
import { isAnnexError } from '@/lib/errors';
import { portalClient } from '../core/clients';
import { fromAws } from '../core/errors';
import { fine, refused, safeWords, wrong } from './observed';

/** The baseline in the tenant's account, as CloudFormation reports it to the portal's own role. */
export async function stackInstance(target: Target): Promise<Observation> {
  const { ANNEX_STACK_SET: StackSetName, AWS_REGION } = env();
  const { accountId } = target;
  const call = {
    operation: 'cloudformation:DescribeStackInstance',
    resource: `${StackSetName}, account ${accountId}, ${AWS_REGION}`,
  };
  try {
    const { StackInstance: instance } = await portalClient(CloudFormationClient).send(
      new DescribeStackInstanceCommand({
        StackSetName,
        StackInstanceAccount: accountId ?? '',
        StackInstanceRegion: AWS_REGION,
      }),
    );
    return instanceSeen(instance, target, call);
  } catch (error) {
    if (isMissing(error))
      return wrong('instance-missing', 'The stack set has no instance in this account.', [call]);
    return refused(error, call);
  }
}

function instanceSeen(instance: StackInstance | undefined, target: Target, call: Call): Observation {
  const status = instance?.StackInstanceStatus?.DetailedStatus;
  const { Status, DriftStatus, StatusReason } = instance ?? {};
  if (status === 'PENDING' || status === 'RUNNING') {
    return isLate(target, new Date())
      ? wrong('instance-slow', 'CloudFormation still works on the instance, and for long.', [call])
      : fine('CloudFormation works on the instance now.', call);
  }
  if (Status !== 'CURRENT' || (status !== undefined && status !== 'SUCCEEDED')) {
    const reason = StatusReason ? ` ${safeWords(StatusReason)}` : '';
    return wrong('instance-failed', `The instance is ${Status}, its last operation ${status}.${reason}`, [
      call,
    ]);
  }
  if (DriftStatus === 'DRIFTED')
    return wrong('instance-drifted', 'What the baseline made was changed since: the instance is DRIFTED.', [
      call,
    ]);
  return fine('The instance is current.', call);
}

/** The Glue job and the replica that it reads, which all tenants share. `pingReplica` throws when it does not answer. */
export async function extractJob(pingReplica: () => Promise<unknown>): Promise<Observation> {
  const { ANNEX_EXTRACT_JOB: JobName } = env();
  const call = { operation: 'glue:GetJob', resource: JobName };
  const replica = { operation: 'SELECT', resource: 'the replica of the database' };
  const [job, reading] = await Promise.allSettled([
    portalClient(GlueClient).send(new GetJobCommand({ JobName })),
    pingReplica(),
  ]);
  if (job.status === 'rejected') {
    if (isMissing(job.reason)) return wrong('job-missing', `There is no Glue job ${JobName}.`, [call]);
    return refused(job.reason, call);
  }
  if (reading.status === 'rejected')
    return wrong('replica-unreachable', 'The replica does not answer.', [call, replica]);
  return fine('The job is there, and the replica answers.', call, replica);
}

/** Whether AWS says that what was asked for is not there. */
export const isMissing = (error: unknown): boolean => isAnnexError(fromAws('looking', error), 'not_found');
