import { AnnexError } from '@/lib/errors';
import type { Occurrence } from '../audit/record';
import type { ControlContext } from '../context';
import type { HeldLetter, WorkQueueName } from './ports';
import { shownLetter } from './shown-letter';

/** One message of a queue. */
export interface MessageOf {
  readonly queue: WorkQueueName;
  readonly messageId: string;
}

/** The dead letter, in hand. Throws `conflict` when it is not there, or in another hand. */
export async function heldLetter(
  { ports }: ControlContext,
  { queue, messageId }: MessageOf,
): Promise<HeldLetter> {
  const held = await ports.queues.hold(queue, messageId);
  if (held) return held;
  throw new AnnexError(
    'conflict',
    'This message is no longer among the dead letters, or somebody else is reading them at this moment. Nothing was changed. Reload the page.',
  );
}

/** What the audit keeps of a dead letter: never its body. */
export function aboutLetter(queue: WorkQueueName, held: HeldLetter): Pick<Occurrence, 'subject' | 'detail'> {
  const { id, subject, reason, receives } = shownLetter(held);
  return {
    subject: `queue/${queue}/${id}`,
    detail: { kind: subject?.kind ?? null, tenant: subject?.tenantId ?? null, reason, receives },
  };
}
