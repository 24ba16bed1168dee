import { z } from 'zod';
import { planChoice, tenantName } from '../onboarding/schemas';
import { emailAddress } from '../people/schemas';
import { reasonInput, tenantInput } from '../tenants/schemas';

const id = z.string().regex(/^[\w-]{22}$/, 'This is no sign-up.');
/** The network address of whoever asks. */
const client = z.string().max(100);

export const signUpInput = z.object({
  organisation: tenantName,
  person: tenantName,
  email: emailAddress,
  /** The user pool knows what else a password needs. */
  password: z.string().min(1, 'Choose a password.').max(256, 'Use at most 256 characters.'),
  client,
});
export const signUpId = z.object({ id });
export const codeInput = z.object({
  id,
  code: z
    .string()
    .transform((text) => text.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{4,12}$/, 'Enter the digits of the code.')),
  client,
});
export const resendInput = z.object({ id, client });
export const renameInput = z.object({ id, organisation: tenantName, client });

export const approveInput = tenantInput.extend({ planId: planChoice });
export const declineInput = reasonInput;
export const ofTenant = tenantInput;
