import { z } from 'zod';

/** Partition key of a tenant's items. */
export const partitionOf = (tenantId: string): string => `TENANT#${tenantId}`;

/** The requester in an item. Older items have only the name; then the id is `unknown`. */
export const person = z.union([
  z.object({ id: z.string(), name: z.string() }),
  z.string().transform((name) => ({ id: 'unknown', name })),
]);
