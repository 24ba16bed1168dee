import { controlVerb, nothing } from '@/lib/domain/verb';

/** How many messages each queue has. Takes none in hand. Throws `forbidden`, and what reaching AWS throws. */
export const countMessages = controlVerb('queues.view', nothing, (ctx) => ctx.ports.queues.standings());
