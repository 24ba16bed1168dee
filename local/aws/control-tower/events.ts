import { createHash } from 'node:crypto';
import { awsNames } from '@/local/aws-names';
import type { StandIn } from '../core/service';

/** What Control Tower reports when it has finished with an account. */
export interface ManagedAccountOutcome {
  readonly recordId: string;
  readonly accountName: string;
  /** `null` when no account was created. */
  readonly accountId: string | null;
  /** `null` when it succeeded. */
  readonly failure: string | null;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly completedAt: string;
}

/**
 * Control Tower's lifecycle event `CreateManagedAccount` in EventBridge's envelope, as in the AWS Control Tower user
 * guide ("Lifecycle events"). The same record gives the same event id, so that duplicates can be recognised.
 */
export function createManagedAccountEvent(standIn: StandIn, outcome: ManagedAccountOutcome): object {
  const time = `${outcome.completedAt.slice(0, 19)}Z`;
  return {
    version: '0',
    id: uuidOf(`event/${outcome.recordId}`),
    'detail-type': 'AWS Service Event via CloudTrail',
    source: 'aws.controltower',
    account: standIn.portalAccountId,
    time,
    region: standIn.region,
    resources: [],
    detail: {
      eventVersion: '1.05',
      userIdentity: { accountId: standIn.portalAccountId, invokedBy: 'AWS Internal' },
      eventTime: time,
      eventSource: 'controltower.amazonaws.com',
      eventName: 'CreateManagedAccount',
      awsRegion: standIn.region,
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      eventID: uuidOf(`detail/${outcome.recordId}`),
      readOnly: false,
      eventType: 'AwsServiceEvent',
      serviceEventDetails: {
        createManagedAccountStatus: {
          organizationalUnit: {
            organizationalUnitName: awsNames.mlOuName,
            organizationalUnitId: awsNames.mlOu,
          },
          account: {
            accountName: outcome.accountName,
            ...(outcome.accountId === null ? {} : { accountId: outcome.accountId }),
          },
          state: outcome.failure === null ? 'SUCCEEDED' : 'FAILED',
          message: outcome.failure ?? 'AWS Control Tower successfully created a managed account.',
          requestedTimestamp: offsetTime(outcome.requestedAt),
          completedTimestamp: offsetTime(outcome.completedAt),
        },
      },
    },
  };
}

/** Sends the event to the target queue of the EventBridge rule for Control Tower. */
export async function deliverManagedAccountEvent(
  standIn: StandIn,
  outcome: ManagedAccountOutcome,
): Promise<void> {
  const body = JSON.stringify(createManagedAccountEvent(standIn, outcome));
  await standIn.services.sqs.deliver(awsNames.eventsQueue, body);
}

/** Control Tower writes these two times with an offset instead of `Z`. */
const offsetTime = (iso: string): string => `${iso.slice(0, 19)}+0000`;

function uuidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
