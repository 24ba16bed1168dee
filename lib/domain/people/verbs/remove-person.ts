import { tenantVerb } from '@/lib/domain/verb';
import { changePerson } from '../change-person';
import { personId } from '../schemas';

/** Removes somebody from the tenant and from sign-in. What they made stays. Throws `forbidden`, `not_found`, and `conflict` for the last owner. */
export const removePerson = tenantVerb('people.remove', personId, (ctx, { id }) =>
  changePerson(ctx, id, 'people.remove', () => ({
    change: { kind: 'removed' },
    inPool: () => ctx.ports.userPool.remove(id),
  })),
);
