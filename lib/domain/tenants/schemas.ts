import { z } from 'zod';

/** A person, by e-mail address. */
export const personInput = z.object({ email: z.email('Enter an e-mail address.').max(320) });

const tenantId = z.string().min(1).max(64);
export const tenantInput = z.object({ tenantId });
export const reasonInput = z.object({
  tenantId,
  reason: z.string().trim().min(1, 'Say why.').max(500, 'Use at most 500 characters.'),
});
