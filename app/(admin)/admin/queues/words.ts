import type { WorkQueueName } from '@/lib/domain/queues/ports';
import { queuesPage } from './page-info';

/** What each queue is called, and what it is for. */
export const queueWords: Readonly<
  Record<WorkQueueName, { readonly title: string; readonly purpose: string }>
> = {
  jobs: {
    title: 'Jobs',
    purpose: 'What the worker does after a request was answered: workbenches, extracts, scores.',
  },
  events: {
    title: 'Account events',
    purpose: 'What AWS Control Tower says about accounts that it creates.',
  },
};

/** What was just done, as the address says it. */
export const doneWords = {
  redriven: { title: 'Message sent back', text: 'It is in its queue again and is tried like a new one.' },
  moved: {
    title: 'Dead letters are being sent back',
    text: 'Amazon SQS moves them to their queue, which may take a while with many.',
  },
  discarded: {
    title: 'Message discarded',
    text: 'It is deleted for good. The audit keeps what it was about.',
  },
} as const;
export type QueueDone = keyof typeof doneWords;

/** The page, after something was done. */
export const queuesHref = (done: QueueDone): string => `${queuesPage.path}?done=${done}`;
