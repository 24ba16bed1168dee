import { randomUUID } from 'node:crypto';
import { awsNames } from '@/local/aws-names';
import type { StandIn } from '../core/service';
import type { Agreement } from './agreements';
import type { Product } from './products';

/** Why an agreement was made. */
export type Intent = 'NEW' | 'RENEW' | 'REPLACE';
/** Why it ended. */
export type EndStatus = 'CANCELLED' | 'EXPIRED' | 'TERMINATED' | 'RENEWED' | 'REPLACED';

/** One thing that a seller is told. */
export type Step = 'created' | 'amended' | 'ended' | 'license-updated' | 'license-deprovisioned';

/** A message for a queue of the portal's account. */
export interface Event {
  readonly queue: string;
  readonly body: string;
  /** Ms since the epoch. */
  readonly dueAt: number;
}

const detailTypes: Readonly<Record<Step, string>> = {
  created: 'Purchase Agreement Created - Manufacturer',
  amended: 'Purchase Agreement Amended - Manufacturer',
  ended: 'Purchase Agreement Ended - Manufacturer',
  'license-updated': 'License Updated - Manufacturer',
  'license-deprovisioned': 'License Deprovisioned - Manufacturer',
};

/**
 * What AWS Marketplace tells the seller of these steps, one after the other: in EventBridge's envelope, or in SNS's for a product
 * from before licences.
 */
export function eventsOf(
  standIn: StandIn,
  product: Product,
  agreement: Agreement,
  steps: readonly Step[],
): readonly object[] {
  if (product.legacy) return steps.flatMap((step) => notification(standIn, product, agreement, step) ?? []);
  return steps.map((step) => eventBridgeEvent(standIn, product, agreement, step));
}

function eventBridgeEvent(standIn: StandIn, product: Product, agreement: Agreement, step: Step): object {
  const { id, intent, status, startedAt, endedAt, endsAt } = agreement;
  const ofLicense = step === 'license-updated' || step === 'license-deprovisioned';
  const times = {
    acceptanceTime: startedAt,
    startTime: startedAt,
    endTime: endedAt ?? endsAt ?? '9999-01-01T00:00:00Z',
  };
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailTypes[step],
    source: 'aws.agreement-marketplace',
    account: standIn.portalAccountId,
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: 'us-east-1',
    resources: [
      `arn:aws:aws-marketplace::aws:agreement:${id}`,
      ...(ofLicense && agreement.licenseArn ? [agreement.licenseArn] : []),
    ],
    detail: {
      requestId: randomUUID(),
      catalog: 'AWSMarketplace',
      agreement: ofLicense ? { id } : { id, intent, status, ...times },
      ...(ofLicense && {
        product: { id: product.id, code: product.code },
        license: { arn: agreement.licenseArn },
      }),
      offer: { id: agreement.offerId },
      acceptor: { accountId: agreement.accountId },
      proposer: { accountId: standIn.portalAccountId },
      resaleAuthorization: { id: null },
    },
  };
}

/** The message of SNS, in the envelope in which SQS gets it; null where AWS sent none. */
function notification(
  standIn: StandIn,
  product: Product,
  { customerIdentifier, offerId }: Agreement,
  step: Step,
): object | null {
  const contract = product.dimensions.some(({ kind }) => kind === 'entitled');
  const action = {
    created: 'subscribe-success',
    amended: null,
    ended: 'unsubscribe-pending',
    'license-updated': contract ? 'entitlement-updated' : null,
    'license-deprovisioned': 'unsubscribe-success',
  }[step];
  if (action === null) return null;
  const topic = action === 'entitlement-updated' ? 'entitlement' : 'subscription';
  return {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: `arn:aws:sns:${standIn.region}:287250355862:aws-mp-${topic}-notification-${product.code}`,
    Message: JSON.stringify({
      action,
      'customer-identifier': customerIdentifier,
      'product-code': product.code,
      'offer-identifier': offerId,
      isFreeTrialTermPresent: 'false',
    }),
    Timestamp: new Date().toISOString(),
  };
}

/** How many steps a late event comes late. */
const lateSteps = 20;

/** When each is delivered: one step after the other, unless faults of the buyer's account have it otherwise. */
export function planned(
  standIn: StandIn,
  { accountId }: Agreement,
  events: readonly object[],
): readonly Event[] {
  const fault = (name: string) => standIn.fault(`marketplace.event.${name}`, accountId);
  const order = [...events];
  if (order.length > 1 && fault('reordered') !== null) order.reverse();
  const from = Date.now();
  return order.flatMap((event, at) => {
    if (fault('lost') !== null) return [];
    const late = fault('late');
    const lateMs = late === null ? 0 : /^\d+$/.test(late) ? Number(late) : lateSteps * standIn.stepMs;
    const dueAt = from + at * standIn.stepMs + lateMs;
    const message = { queue: awsNames.eventsQueue, body: JSON.stringify(event), dueAt };
    return fault('twice') === null ? [message] : [message, message];
  });
}
