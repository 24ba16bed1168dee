import type { QueueMessage } from '@/lib/aws/core/queue';
import { controlContextForSystem } from '@/lib/deps';
import { handleAccountEvent } from '@/lib/domain/workbench/verbs/handle-account-event';
import { decodeAccountEvent } from '@/lib/jobs/account-event';
import { log } from '@/lib/log';
import type { Outcome } from '../outcome';

/** Handles Control Tower's event about an account. Other events are logged and count as done. */
export async function accountEvent(message: QueueMessage): Promise<Outcome> {
  const decoded = decodeAccountEvent(message.body);
  if ('fault' in decoded) return { kind: 'bury', reason: `not a valid event: ${decoded.fault}` };
  if ('other' in decoded) {
    log.info({ message: message.id, event: decoded.other }, 'ignoring an event of another kind');
    return { kind: 'done' };
  }
  const started = performance.now();
  const tenant = await handleAccountEvent(controlContextForSystem(message.id), decoded.event);
  const ms = Math.round(performance.now() - started);
  log.info({ message: message.id, tenant, state: decoded.event.state, ms }, 'account event handled');
  return { kind: 'done' };
}
