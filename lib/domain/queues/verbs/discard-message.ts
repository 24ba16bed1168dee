import { record } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { aboutLetter, heldLetter } from '../held';
import { messageInput } from '../schemas';

/** Deletes a dead letter for good. Throws `forbidden`; `conflict` when it is not there; what reaching AWS throws. */
export const discardMessage = controlVerb('queues.discard', messageInput, async (ctx, input) => {
  const held = await heldLetter(ctx, input);
  // First: nothing is discarded that the audit does not know.
  await record(ctx, { action: 'queues.discard', ...aboutLetter(input.queue, held) });
  await ctx.ports.queues.discard(input.queue, held);
});
