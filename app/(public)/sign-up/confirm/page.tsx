import type { Metadata } from 'next';
import { cache } from 'react';
import { Result } from '@/components/live/result';
import { MessagePage } from '@/components/shell/message-page';
import { Button, buttonStyle } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { PostForm } from '@/components/ui/post-form';
import { getSignUp } from '@/lib/domain/signup/verbs/get-sign-up';
import { isAnnexError } from '@/lib/errors';
import { openContext } from '@/lib/server/context';
import { type AddressParams, firstOf } from '../../../_components/address';
import { standingTitles } from '../words';
import { CodeForm, RenameForm, ResendForm } from './_components/confirm-forms';

interface Props {
  readonly searchParams: Promise<AddressParams>;
}

/** The sign-up with that id; null for none, and for one that is over. */
const signUpOf = cache(async (id: string) => {
  try {
    return await getSignUp(await openContext(), { id });
  } catch (error) {
    if (isAnnexError(error, 'not_found', 'invalid')) return null;
    throw error;
  }
});

type Present = NonNullable<Awaited<ReturnType<typeof signUpOf>>>;

const titleOf = (signUp: Present | null): string =>
  signUp === null ? 'This sign-up is over' : standingTitles[signUp.standing];

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: titleOf(await signUpOf(firstOf((await searchParams).id) ?? '')) };
}

export default async function ConfirmSignUpPage({ searchParams }: Props) {
  const { id, done } = await searchParams;
  const signUp = await signUpOf(firstOf(id) ?? '');
  const title = titleOf(signUp);
  return (
    <MessagePage title={title}>
      {signUp === null ? (
        <Over />
      ) : (
        <Result
          name="sign-up"
          mark={`${signUp.standing} ${firstOf(done) ?? ''}`}
          words={title}
          as="div"
          className="space-y-5"
        >
          <Standing signUp={signUp} isSent={firstOf(done) === 'sent'} />
        </Result>
      )}
    </MessagePage>
  );
}

function Standing({ signUp, isSent }: { readonly signUp: Present; readonly isSent: boolean }) {
  const { id, email, organisation, standing } = signUp;
  const address = <b className="font-semibold [overflow-wrap:anywhere]">{email}</b>;
  const name = <b className="font-semibold [overflow-wrap:anywhere]">{organisation}</b>;
  switch (standing) {
    case 'code':
      return (
        <>
          {isSent ? <Notice tone="done" title="Another mail is on its way" /> : null}
          <p>We mailed {address}. Enter the code from the mail here. It works for 24 hours.</p>
          <CodeForm id={id} />
          <p className="text-sm text-muted">
            No mail yet? It may take a minute, or be among the unwanted ones. If the address is wrong,{' '}
            <a href="/sign-up" className="link">
              sign up again
            </a>
            .
          </p>
          <ResendForm id={id} />
        </>
      );
    case 'name':
      return (
        <>
          <p>
            Your address is confirmed. The name {name} is taken. Choose another, or ask your colleagues for an
            invitation.
          </p>
          <RenameForm id={id} name={organisation} />
        </>
      );
    case 'requested':
      return (
        <p>
          Your address is confirmed. An administrator decides about {name}. You get a mail at {address} then.
        </p>
      );
    case 'declined':
      return (
        <>
          <p>We mailed the reason to {address}. You can sign up again.</p>
          <SignUpAgain />
        </>
      );
    case 'admitted':
      return (
        <>
          <p>
            {name} is admitted, and you are its owner. Sign in as {address} with the password that you chose.
          </p>
          <PostForm action="/sign-in" failed="You are not signed in">
            <Button type="submit" variant="primary">
              Sign in
            </Button>
          </PostForm>
        </>
      );
  }
}

function Over() {
  return (
    <>
      <p>A sign-up lasts 24 hours. This one has ended, or the link is not complete.</p>
      <SignUpAgain />
    </>
  );
}

function SignUpAgain() {
  return (
    <a href="/sign-up" className={buttonStyle('primary')}>
      Sign up again
    </a>
  );
}
