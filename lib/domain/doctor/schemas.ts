import { z } from 'zod';
import { linkNames } from './ports';

const link = z.enum(linkNames).optional();

/** `link`: that one alone, with those that it hangs on; without it, all of them. */
export const runInput = z.object({ link });
export const runForTenantInput = z.object({ tenantId: z.string().min(1).max(64), link });
export const tenantInput = z.object({ tenantId: z.string().min(1).max(64) });
export const healthInput = z.object({ tenantIds: z.array(z.string().min(1).max(64)).max(200) });
