import { z } from 'zod';
import { vendingEnds } from '@/lib/domain/workbench/ports';
import { parseJson } from './job-envelope';

// Control Tower's lifecycle events in EventBridge's envelope. Unknown fields are allowed.
const envelope = z.object({
  source: z.string(),
  detail: z.looseObject({ eventName: z.string().optional() }),
});

const created = z.object({
  serviceEventDetails: z.object({
    createManagedAccountStatus: z.object({
      account: z.object({
        accountName: z.string(),
        accountId: z
          .string()
          .regex(/^\d{12}$/)
          .nullish(),
      }),
      state: z.enum(vendingEnds),
    }),
  }),
});

/** What an event says about an account. `accountId` is null when none was created. */
export interface AccountEvent {
  readonly accountName: string;
  readonly accountId: string | null;
  readonly state: (typeof vendingEnds)[number];
}

export type DecodedEvent =
  | { readonly event: AccountEvent }
  /** An event of another kind, which `other` names. */
  | { readonly other: string }
  | { readonly fault: string };

/** Decodes `CreateManagedAccount` of AWS Control Tower from a message body (Control Tower user guide, Lifecycle events). */
export function decodeAccountEvent(body: string): DecodedEvent {
  const json = parseJson(body);
  if (json === undefined) return { fault: 'not JSON' };
  const outer = envelope.safeParse(json);
  if (!outer.success) return { fault: z.prettifyError(outer.error) };
  const { source, detail } = outer.data;
  if (source !== 'aws.controltower' || detail.eventName !== 'CreateManagedAccount') {
    return { other: `${source} ${detail.eventName ?? ''}`.trim().slice(0, 200) };
  }
  const inner = created.safeParse(detail);
  if (!inner.success) return { fault: z.prettifyError(inner.error) };
  const { account, state } = inner.data.serviceEventDetails.createManagedAccountStatus;
  return { event: { accountName: account.accountName, accountId: account.accountId ?? null, state } };
}
