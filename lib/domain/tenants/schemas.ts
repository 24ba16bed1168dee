import { z } from 'zod';

/** A person, by e-mail address. */
export const personInput = z.object({ email: z.email('Enter an e-mail address.').max(320) });
