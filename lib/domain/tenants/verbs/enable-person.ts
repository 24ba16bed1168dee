import { controlVerb } from '@/lib/domain/verb';
import { personInput } from '../schemas';
import { setDisabled } from '../set-disabled';

/** Lets a disabled person sign in again. The sessions from before stay over. Throws `not_found` for somebody who never signed in. */
export const enablePerson = controlVerb('people.enable', personInput, (ctx, { email }) =>
  setDisabled(ctx, email, false),
);
