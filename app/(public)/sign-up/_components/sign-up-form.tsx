'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import { startSignUpAction } from '../actions';
import { Field } from './field';

/** Who signs up, and for which organisation. */
export function SignUpForm() {
  return (
    <ActionForm act={startSignUpAction} className="space-y-5 border border-line bg-plate px-5 py-5">
      <Field
        name="organisation"
        label="Organisation"
        about="As your colleagues know it."
        maxLength={150}
        autoComplete="organization"
      />
      <Field
        name="person"
        label="Your name"
        about="You will be the first owner, and invite the others."
        maxLength={150}
        autoComplete="name"
      />
      <Field
        name="email"
        type="email"
        label="Work e-mail"
        about="You sign in with it. We mail you a code."
        maxLength={254}
        autoComplete="email"
        spellCheck={false}
      />
      <Field
        name="password"
        type="password"
        label="Password"
        about="At least 8 characters."
        minLength={8}
        maxLength={256}
        autoComplete="new-password"
      />
      <ActionFailure title="You are not signed up" />
      <SubmitButton pendingLabel="Signing up…" leadsTo={['sign-up']}>
        Sign up
      </SubmitButton>
    </ActionForm>
  );
}
