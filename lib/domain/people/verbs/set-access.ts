import { tenantVerb } from '@/lib/domain/verb';
import { changePerson } from '../change-person';
import { accessInput } from '../schemas';

/**
 * Disables somebody, whose sessions end at once, or lets them sign in again. Throws `forbidden`, `not_found`, and `conflict` for the last
 * owner.
 */
export const setAccess = tenantVerb('people.set-access', accessInput, (ctx, { id, disabled }) =>
  changePerson(ctx, id, 'people.set-access', ({ disabledAt }) => ({
    change: { kind: 'disabled', disabled },
    before: { disabled: disabledAt !== null },
    after: { disabled },
    inPool: () => ctx.ports.userPool.setEnabled(id, !disabled),
  })),
);
