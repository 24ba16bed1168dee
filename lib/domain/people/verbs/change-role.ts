import { tenantVerb } from '@/lib/domain/verb';
import { changePerson } from '../change-person';
import { roleInput } from '../schemas';

/**
 * Gives somebody another role; their sessions end, so that the next sign-in has it. Throws `forbidden`, `invalid`, `not_found`, and
 * `conflict` for the last owner.
 */
export const changeRole = tenantVerb('people.change-role', roleInput, (ctx, { id, role }) =>
  changePerson(ctx, id, 'people.change-role', ({ roles }) => ({
    change: { kind: 'roles', roles: [role] },
    before: { role: roles.join(' ') },
    after: { role },
    inPool: () => ctx.ports.userPool.setRole(id, role),
  })),
);
