import { z } from 'zod';
import { sentBySweeps } from '../sweep';
import { daySeconds } from '../time';
import { vendingEnds } from './ports';

/** Id of a workbench request. */
const workbenchRequestId = z.string().min(1).max(64);

/** A variant of the catalogue with the values that a person chose for its parameters. */
export const requestWorkbenchInput = z.object({
  variantId: z.string().min(1, 'choose a variant').max(100),
  parameters: z.record(z.string().max(255), z.string().trim().max(256)).default({}),
});

/** `attempt` is the one that the person saw fail: a second press of the same button then changes nothing. */
export const retryStepInput = z.object({
  requestId: workbenchRequestId,
  attempt: z.number().int().min(1).optional(),
});

/** Without `requestId`: the tenant's live request. */
export const advanceWorkbenchInput = z.object({ requestId: workbenchRequestId.optional() });

/** What Control Tower says of an account that it vended or could not vend. */
export const accountEventInput = z.object({
  accountName: z.string().min(1),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .nullable(),
  state: z.enum(vendingEnds),
});

export const sweepWorkbenchesInput = z.object({
  /** Without a write for this long, a request that is not at its end counts as standing still. */
  untouchedSeconds: z.number().min(0).max(daySeconds),
  sent: sentBySweeps,
});
