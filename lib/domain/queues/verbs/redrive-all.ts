import { record } from '@/lib/domain/audit/record';
import { controlVerb } from '@/lib/domain/verb';
import { queueInput } from '../schemas';

/** Begins to move all dead letters of a queue back. Throws `forbidden`; `conflict` while they are being moved; what reaching AWS throws. */
export const redriveAll = controlVerb('queues.redrive', queueInput, async (ctx, { queue }) => {
  await record(ctx, { action: 'queues.redrive', subject: `queue/${queue}`, detail: { all: true } });
  await ctx.ports.queues.sendAllBack(queue);
});
