import { z } from 'zod';
import { tenantRoles } from '../actor';

/** An e-mail address as people type it. */
export const emailAddress = z
  .string()
  .trim()
  .max(254, 'Enter an address of at most 254 characters.')
  .pipe(z.email('Enter an e-mail address.'));

const id = z.string().min(1).max(128);
const role = z.enum(tenantRoles, 'Choose a role.');

export const personId = z.object({ id });
export const inviteInput = z.object({ email: emailAddress, role });
export const roleInput = z.object({ id, role });
export const accessInput = z.object({ id, disabled: z.boolean() });
