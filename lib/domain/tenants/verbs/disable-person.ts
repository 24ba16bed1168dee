import { controlVerb } from '@/lib/domain/verb';
import { personInput } from '../schemas';
import { setDisabled } from '../set-disabled';

/** Disables a person and ends all their sessions: the next request of each is refused. Throws `not_found` for somebody who never signed in. */
export const disablePerson = controlVerb('people.disable', personInput, (ctx, { email }) =>
  setDisabled(ctx, email, true),
);
