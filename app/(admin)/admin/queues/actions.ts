'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { WorkQueueName } from '@/lib/domain/queues/ports';
import { discardMessage } from '@/lib/domain/queues/verbs/discard-message';
import { redriveAll } from '@/lib/domain/queues/verbs/redrive-all';
import { redriveMessage } from '@/lib/domain/queues/verbs/redrive-message';
import { action } from '@/lib/server/action';
import { type QueueDone, queuesHref } from './words';

/** Sends one dead letter back to its queue. */
export const redriveMessageAction = action(
  { action: redriveMessage.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await redriveMessage(context, messageIn(form));
    return show('redriven');
  },
);

/** Sends all dead letters of a queue back. */
export const redriveAllAction = action(
  { action: redriveAll.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await redriveAll(context, { queue: queueIn(form) });
    return show('moved');
  },
);

/** Deletes one dead letter. */
export const discardMessageAction = action(
  { action: discardMessage.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await discardMessage(context, messageIn(form));
    return show('discarded');
  },
);

// The verb refuses a name that is none.
const queueIn = (form: FormData) => String(form.get('queue') ?? '') as WorkQueueName;
const messageIn = (form: FormData) => ({
  queue: queueIn(form),
  messageId: String(form.get('messageId') ?? ''),
});

function show(done: QueueDone): never {
  revalidatePath('/admin/queues');
  redirect(queuesHref(done));
}
