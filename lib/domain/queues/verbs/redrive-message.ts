import { record } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { aboutLetter, heldLetter } from '../held';
import { messageInput } from '../schemas';

/**
 * Sends a dead letter back to the queue that it came from, to be tried as often as a new one. Handlers are idempotent, so one that
 * arrives twice does no harm. Throws `forbidden`; `conflict` when it is not there; what reaching AWS throws.
 */
export const redriveMessage = controlVerb('queues.redrive', messageInput, async (ctx, input) => {
  const held = await heldLetter(ctx, input);
  await record(ctx, { action: 'queues.redrive', ...aboutLetter(input.queue, held) });
  await ctx.ports.queues.sendBack(input.queue, held);
});
