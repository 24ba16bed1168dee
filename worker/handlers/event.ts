import type { QueueMessage } from '@/lib/aws/core/queue';
import { controlContextForSystem } from '@/lib/deps';
import { handleMarketplaceEvent } from '@/lib/domain/marketplace/verbs/handle-marketplace-event';
import { handleAccountEvent } from '@/lib/domain/workbench/verbs/handle-account-event';
import { decodeAccountEvent } from '@/lib/jobs/account-event';
import { decodeMarketplaceEvent } from '@/lib/jobs/marketplace-event';
import { log } from '@/lib/log';
import type { Outcome } from '../outcome';

/** Handles an event of Control Tower about an account, or of AWS Marketplace. Other events are logged and count as done. */
export async function handleEvent(message: QueueMessage): Promise<Outcome> {
  const started = performance.now();
  const done = (fields: object, what: string): Outcome => {
    log.info({ message: message.id, ...fields, ms: Math.round(performance.now() - started) }, what);
    return { kind: 'done' };
  };
  const ctx = controlContextForSystem(message.id);
  const account = decodeAccountEvent(message.body);
  if ('event' in account) {
    const tenant = await handleAccountEvent(ctx, account.event);
    return done({ tenant, state: account.event.state }, 'account event handled');
  }
  const market = decodeMarketplaceEvent(message.body);
  if ('fault' in market) {
    const fault = 'fault' in account ? account.fault : market.fault;
    return { kind: 'bury', reason: `not a valid event: ${fault}` };
  }
  if ('other' in market) return done({ event: market.other }, 'ignoring an event of another kind');
  const subscriptions = await handleMarketplaceEvent(ctx, market.event);
  const { kind, agreementId } = market.event;
  return done({ kind, agreement: agreementId, subscriptions }, 'marketplace event handled');
}
