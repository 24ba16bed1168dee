import { randomBytes } from 'node:crypto';
import { record } from '@/lib/domain/audit/record';
import type { ControlContext } from '@/lib/domain/context';
import { controlVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';
import { knownAddressMail } from '../mails';
import type { SignUp } from '../ports';
import { signUpInput } from '../schemas';
import { mostSignUps, refuseClosed, signUpMs } from '../standing';

/**
 * Begins a sign-up: Amazon Cognito mails a code. The same happens, as far as the browser can tell, for an address that has a user, which
 * gets a mail about it once a day. Returns the id of the sign-up. Throws `forbidden` while sign-up is closed; `invalid` with the fields;
 * `throttled` for a client or an address that signs up too often.
 */
export const startSignUp = controlVerb('sign-up.start', signUpInput, async (ctx, { client, ...input }) => {
  refuseClosed(ctx);
  const { store, pool, limits } = ctx.ports.signUp;
  await limits.take('sign-up', client);
  const { organisation, person, email, password } = input;
  const now = ctx.now();
  const before = await store.recent(email, new Date(now.getTime() - signUpMs));
  if (before.count >= mostSignUps) throw tooMany();
  // Whatever the pool looks at first: a bad password must not tell whether the address has a user.
  const fault = await pool.passwordFault(password);
  if (fault !== null) throw new AnnexError('invalid', fault, { fields: { password: fault } });
  const userId = await pool.signUp({ email, name: person, password });
  const signUp: SignUp = {
    id: randomBytes(16).toString('base64url'),
    organisation,
    person,
    email,
    userId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + signUpMs),
    confirmedAt: null,
    tenantId: null,
  };
  // If this fails, a user stays that was never confirmed, who is in nobody’s way.
  await store.add(signUp);
  // Without the id, which only the browser has, and the address, which nobody has shown to be theirs.
  await record(ctx, { action: 'sign-up.start', subject: 'sign-up', detail: { again: false } });
  if (userId === null && !before.known) await tellOwner(ctx, signUp);
  return { id: signUp.id };
});

/** A mail that cannot be sent must not tell that there was one to send. */
async function tellOwner(ctx: ControlContext, signUp: SignUp): Promise<void> {
  try {
    await ctx.ports.mail.send(knownAddressMail(signUp, ctx.ports.signUp.terms.current()));
  } catch (error) {
    ctx.log.warn({ err: error }, 'the mail about a sign-up with a known address was not sent');
  }
}

const tooMany = () =>
  new AnnexError(
    'throttled',
    'This address was used for too many sign-ups today. Nothing was changed. Try again tomorrow.',
  );
