import { countMessages } from '@/lib/domain/queues/verbs/count-messages';
import { route } from '@/lib/server/route';
import { queuesReading } from '../queues-reading';

/** How many messages each queue has now. */
export const GET = route({ action: countMessages.action, scope: 'control' }, async (context) =>
  Response.json(queuesReading(await countMessages(context, undefined), context.now())),
);
