'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import type { TenantRole } from '@/lib/domain/actor';
import { changeRole } from '@/lib/domain/people/verbs/change-role';
import { invitePerson } from '@/lib/domain/people/verbs/invite-person';
import { removePerson } from '@/lib/domain/people/verbs/remove-person';
import { resendInvitation } from '@/lib/domain/people/verbs/resend-invitation';
import { setAccess } from '@/lib/domain/people/verbs/set-access';
import { action } from '@/lib/server/action';
import { type Done, personHref } from './words';

/** Invites somebody. */
export const inviteAction = action(
  { action: invitePerson.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const { id } = await invitePerson(context, {
      email: String(form.get('email') ?? ''),
      role: roleOf(form),
    });
    return show(id, 'invited');
  },
);

/** Mails an invitation again. */
export const resendAction = action(
  { action: resendInvitation.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await resendInvitation(context, { id: idOf(form) });
    return show(idOf(form), 'invited');
  },
);

/** Gives somebody another role. */
export const changeRoleAction = action(
  { action: changeRole.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await changeRole(context, { id: idOf(form), role: roleOf(form) });
    return show(idOf(form), 'changed');
  },
);

/** Disables somebody, or lets them sign in again. */
export const setAccessAction = action(
  { action: setAccess.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const disabled = form.get('disabled') === 'yes';
    await setAccess(context, { id: idOf(form), disabled });
    return show(idOf(form), disabled ? 'disabled' : 'enabled');
  },
);

/** Removes somebody. */
export const removeAction = action(
  { action: removePerson.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    await removePerson(context, { id: idOf(form) });
    revalidatePath('/people');
    redirect('/people?done=removed');
  },
);

const idOf = (form: FormData): string => String(form.get('person') ?? '');

/** As the form has it: the verb refuses what is no role. */
const roleOf = (form: FormData): TenantRole => String(form.get('role') ?? '') as TenantRole;

function show(id: string, done: Done): never {
  revalidatePath('/people');
  redirect(personHref(id, done));
}
