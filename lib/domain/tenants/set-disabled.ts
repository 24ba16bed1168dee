import { AnnexError } from '@/lib/errors';
import type { Person } from '../actor';
import { record } from '../audit/record';
import type { ControlContext } from '../context';

/** Disables or enables everybody with this e-mail address, and records it. Returns them. Throws `not_found`. */
export async function setDisabled(
  ctx: ControlContext,
  email: string,
  disabled: boolean,
): Promise<readonly Person[]> {
  const people = await ctx.ports.people.setDisabled(email, disabled);
  if (people.length === 0) throw new AnnexError('not_found', `Nobody has signed in to Annex as ${email}.`);
  for (const { id, name } of people) {
    const action = disabled ? 'people.disable' : 'people.enable';
    await record(ctx, { action, subject: `user/${id}`, detail: { email: name }, after: { disabled } });
  }
  return people;
}
