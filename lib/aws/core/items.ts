import { z } from 'zod';

/** Partition key of a tenant's items. */
export const partitionOf = (tenantId: string): string => `TENANT#${tenantId}`;

/** Who asked, as items keep it. Items from before the id was stored hold the name alone: their id is `unknown`. */
export const person = z.union([
  z.object({ id: z.string(), name: z.string() }),
  z.string().transform((name) => ({ id: 'unknown', name })),
]);
