import { z } from 'zod';
import { sentBySweeps } from '../sweep';
import { daySeconds } from '../time';
import { vendingEnds } from './ports';

/** Id of a workbench request. */
const workbenchRequestId = z.string().min(1).max(64);

/** A variant of the catalogue with the parameter values that a person chose. */
export const requestWorkbenchInput = z.object({
  variantId: z.string().min(1, 'choose a variant').max(100),
  parameters: z.record(z.string().max(255), z.string().trim().max(256)).default({}),
});

/** `attempt` is the failed attempt that the person saw, so that pressing the button twice retries once. */
export const retryStepInput = z.object({
  requestId: workbenchRequestId,
  attempt: z.number().int().min(1).optional(),
});

/** Without `requestId`: the tenant's live request. */
export const advanceWorkbenchInput = z.object({ requestId: workbenchRequestId.optional() });

/** Control Tower's report that an account was created or could not be. */
export const accountEventInput = z.object({
  accountName: z.string().min(1),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .nullable(),
  state: z.enum(vendingEnds),
});

export const sweepWorkbenchesInput = z.object({
  /** A request that is not in a final state counts as stalled after this long without a write, s. */
  untouchedSeconds: z.number().min(0).max(daySeconds),
  sent: sentBySweeps,
});
