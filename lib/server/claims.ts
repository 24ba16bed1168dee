import { z } from 'zod';
import { type Group, groups } from '@/lib/domain/actor';

/** Text that can be stored: the pool also keeps attributes that no database takes. */
const unstorable = /[\0\p{Surrogate}]/gu;
const storable = (text: string): boolean => text.search(unstorable) === -1;

const sellerId = /^(?=.{1,40}$)[a-z0-9](-?[a-z0-9])*$/;

const schema = z.object({
  sub: z.string().min(1).refine(storable),
  email: z
    .string()
    .min(1)
    .transform((text) => text.replace(unstorable, '\ufffd')),
  token_use: z.literal('id'),
  iat: z.number(),
  exp: z.number(),
  'cognito:groups': z.array(z.string()).default([]),
  'custom:tenant_id': z
    .string()
    .min(1)
    // Names no tenant. It must not become the id of one.
    .transform((text) => (storable(text) ? text : undefined))
    .optional(),
  'custom:seller_id': z
    .string()
    // Another text names no seller.
    .transform((text) => (sellerId.test(text) ? text : undefined))
    .optional(),
});

/** The claims of a verified ID token that Annex keeps. Times are seconds since the epoch. */
export interface Identity {
  readonly sub: string;
  readonly email: string;
  readonly tenantId: string | null;
  readonly sellerId: string | null;
  readonly roles: readonly Group[];
  readonly issuedAt: number;
  /** At the latest `longestTokenSeconds` after `issuedAt`, however long the pool lets tokens live. */
  readonly expiresAt: number;
}

/** What a token says is believed for this long: a change in the user pool arrives with the next one. */
const longestTokenSeconds = 15 * 60;

/** Reads the claims of an ID token whose signature, issuer and audience have been checked. Throws on any other token. */
export function identityOf(claims: unknown): Identity {
  const token = schema.parse(claims);
  return {
    sub: token.sub,
    email: token.email,
    tenantId: token['custom:tenant_id'] ?? null,
    sellerId: token['custom:seller_id'] ?? null,
    roles: groups.filter((role) => token['cognito:groups'].includes(role)),
    issuedAt: token.iat,
    expiresAt: Math.min(token.exp, token.iat + longestTokenSeconds),
  };
}

/** Whether two tokens give the same roles in the same tenant and for the same seller. */
export const hasSameAccess = (one: Identity, other: Identity): boolean =>
  one.tenantId === other.tenantId &&
  one.sellerId === other.sellerId &&
  one.roles.join() === other.roles.join();
