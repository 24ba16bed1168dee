import { z } from 'zod';
import { sentBySweeps } from '../sweep';
import { daySeconds } from '../time';

const tenantId = z.string().min(1).max(64);
/** Typed by hand, so that nobody closes another tenant by mistake. */
const confirmation = z.string().trim().max(64);

const confirmed = <S extends z.ZodType<{ readonly tenantId: string; readonly confirmation: string }>>(
  schema: S,
): S =>
  schema.refine((input) => input.confirmation === input.tenantId, {
    path: ['confirmation'],
    message: 'Type the id of the tenant as it stands here.',
  });

export const closeInput = confirmed(
  z.object({
    tenantId,
    confirmation,
    reason: z.string().trim().min(1, 'Say why.').max(500, 'Use at most 500 characters.'),
  }),
);

export const deleteNowInput = confirmed(z.object({ tenantId, confirmation }));

export const ofTenant = z.object({ tenantId });

/** `attempt` is the failed attempt that the person saw, so that pressing the button twice retries once. */
export const retryInput = z.object({ tenantId, attempt: z.number().int().min(1) });

export const sweepInput = z.object({
  /** A closing that something is to be done for counts as stalled after this long without a write, s. */
  untouchedSeconds: z.number().min(0).max(daySeconds),
  sent: sentBySweeps,
});
