import type { Actor } from '@/lib/domain/actor';
import { allows } from '@/lib/domain/authorize';

export const organisations = { admin: 'Administration', seller: 'Marketplace seller' } as const;

/** For whom somebody works who is of no tenant. */
export const organisationOf = (actor: Pick<Actor, 'roles'>): string =>
  allows(actor, 'tenants.overview') ? organisations.admin : organisations.seller;
