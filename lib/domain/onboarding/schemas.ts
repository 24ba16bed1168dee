import { z } from 'zod';
import { emailAddress } from '../people/schemas';
import { defaultPlan } from '../plans/ports';
import { sentBySweeps } from '../sweep';
import { daySeconds } from '../time';

/** As the database has it: it stands in bucket names and keys. */
const tenantId = z
  .string()
  .trim()
  .min(2, 'Use at least two characters.')
  .max(40, 'Use at most 40 characters.')
  .regex(/^[a-z0-9](-?[a-z0-9])+$/, 'Use small letters a to z, digits and single hyphens between them.');

// Marks that change the direction of the text after them, and what cannot be seen, would let one name look like another.
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** The name of an organisation or a person, as others read it. */
export const tenantName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(150, 'Use at most 150 characters.')
  .refine((name) => !invisible.test(name), 'The name has characters that cannot be seen. Type it anew.');

/** The plan of a new tenant. */
export const planChoice = z.string().min(1, 'Choose a plan.').max(64).default(defaultPlan);

export const onboardInput = z.object({
  tenantId,
  name: tenantName,
  ownerEmail: emailAddress,
  /** Of the workbench that is requested, too; empty: none. */
  variantId: z
    .string()
    .max(100)
    .transform((id) => id || null)
    .nullable()
    .default(null),
  planId: planChoice,
});

/** `attempt` is the failed attempt that the person saw, so that pressing the button twice retries once. */
export const retryInput = z.object({ tenantId, attempt: z.number().int().min(1) });
export const ofTenant = z.object({ tenantId });

export const sweepInput = z.object({
  /** An onboarding that is not over counts as stalled after this long without a write, s. */
  untouchedSeconds: z.number().min(0).max(daySeconds),
  sent: sentBySweeps,
});
