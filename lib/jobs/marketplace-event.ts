import { z } from 'zod';
import type { MarketplaceEvent } from '@/lib/domain/marketplace/event';
import { parseJson } from './job-envelope';

// EventBridge's envelope. Unknown fields are allowed.
const envelope = z.object({
  source: z.string(),
  'detail-type': z.string().max(200).default(''),
  time: z.iso.datetime().optional(),
  detail: z.looseObject({}),
});

/** How products from before licences are told of. They have no place here: a listing’s subscription is known by its licence. */
const notification = z.object({ Type: z.literal('Notification'), TopicArn: z.string() });

const agreement = z.object({
  agreement: z.object({ id: z.string().min(1).max(64), status: z.string().max(40).optional() }),
  acceptor: z.object({ accountId: z.string().regex(/^\d{12}$/) }),
});
const license = agreement.extend({
  product: z.object({ code: z.string().min(1).max(64) }),
  license: z.object({ arn: z.string().min(1).max(2048) }),
});

const agreementKinds = { Created: 'created', Amended: 'amended', Ended: 'ended' } as const;
const licenseKinds = { Updated: 'licensed', Deprovisioned: 'deprovisioned' } as const;

export type DecodedMarketplaceEvent =
  | { readonly event: MarketplaceEvent }
  /** An event of another kind, which `other` names. */
  | { readonly other: string }
  | { readonly fault: string };

/**
 * Decodes an event of AWS Marketplace about an agreement or a licence from a message body (AWS Marketplace seller guide, Amazon EventBridge
 * events). The same happens to be told to the manufacturer and to the proposer; the end of the event's type says to whom.
 */
export function decodeMarketplaceEvent(body: string): DecodedMarketplaceEvent {
  const json = parseJson(body);
  if (notification.safeParse(json).success) return { other: 'a notification of Amazon SNS' };
  const outer = envelope.safeParse(json);
  if (!outer.success) return { fault: z.prettifyError(outer.error) };
  const { source, time, detail, 'detail-type': type } = outer.data;
  const [, of, change = ''] = /^(Purchase Agreement|License) (\w+)(?: - \w+)?$/.exec(type) ?? [];
  const isLicense = of === 'License' && Object.hasOwn(licenseKinds, change);
  const isAgreement = of === 'Purchase Agreement' && Object.hasOwn(agreementKinds, change);
  if (source !== 'aws.agreement-marketplace' || !(isLicense || isAgreement)) {
    return { other: `${source} ${type}`.trim().slice(0, 200) };
  }
  if (time === undefined) return { fault: 'time: missing' };
  const at = new Date(time);
  if (isLicense) {
    const inner = license.safeParse(detail);
    if (!inner.success) return { fault: z.prettifyError(inner.error) };
    const kind = licenseKinds[change as keyof typeof licenseKinds];
    const [productCode, licenseArn] = [inner.data.product.code, inner.data.license.arn];
    return { event: { kind, productCode, licenseArn, at, ...partiesOf(inner.data) } };
  }
  const inner = agreement.safeParse(detail);
  if (!inner.success) return { fault: z.prettifyError(inner.error) };
  const kind = agreementKinds[change as keyof typeof agreementKinds];
  const parties = partiesOf(inner.data);
  if (kind === 'ended')
    return { event: { kind, at, ...parties, status: inner.data.agreement.status ?? null } };
  return { event: { kind, at, ...parties } };
}

const partiesOf = ({ agreement: { id }, acceptor }: z.output<typeof agreement>) => ({
  agreementId: id,
  accountId: acceptor.accountId,
});
