'use server';

import { redirect } from 'next/navigation';
import { confirmSignUp } from '@/lib/domain/signup/verbs/confirm-sign-up';
import { renameOrganisation } from '@/lib/domain/signup/verbs/rename-organisation';
import { resendCode } from '@/lib/domain/signup/verbs/resend-code';
import { startSignUp } from '@/lib/domain/signup/verbs/start-sign-up';
import { openAction } from '@/lib/server/action';
import { confirmHref } from './words';

/** Begins a sign-up. */
export const startSignUpAction = openAction(
  'begins a sign-up, for somebody who has no user yet',
  async (context, client, form): Promise<never> => {
    const { id } = await startSignUp(context, {
      organisation: textOf(form, 'organisation'),
      person: textOf(form, 'person'),
      email: textOf(form, 'email'),
      password: textOf(form, 'password'),
      client,
    });
    redirect(confirmHref(id));
  },
);

/** Takes the code from the mail. */
export const confirmSignUpAction = openAction(
  'takes a code that was mailed, for a sign-up whose id only its browser has',
  async (context, client, form): Promise<never> => {
    const id = textOf(form, 'id');
    await confirmSignUp(context, { id, code: textOf(form, 'code'), client });
    redirect(confirmHref(id));
  },
);

/** Mails another code. */
export const resendCodeAction = openAction(
  'mails another code, for a sign-up whose id only its browser has',
  async (context, client, form): Promise<never> => {
    const id = textOf(form, 'id');
    await resendCode(context, { id, client });
    redirect(confirmHref(id, 'sent'));
  },
);

/** Asks with another name, because the first one was taken. */
export const renameOrganisationAction = openAction(
  'names an organisation, for a confirmed sign-up whose id only its browser has',
  async (context, client, form): Promise<never> => {
    const id = textOf(form, 'id');
    await renameOrganisation(context, { id, organisation: textOf(form, 'organisation'), client });
    redirect(confirmHref(id));
  },
);

const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '');
