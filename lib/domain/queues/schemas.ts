import { z } from 'zod';
import { workQueueNames } from './ports';

const queue = z.enum(workQueueNames, 'There is no such queue.');

export const queueInput = z.object({ queue });
export const messageInput = z.object({ queue, messageId: z.string().min(1, 'Name a message.').max(100) });
