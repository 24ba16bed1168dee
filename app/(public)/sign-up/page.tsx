import type { Metadata } from 'next';
import { MessagePage } from '@/components/shell/message-page';
import { Button, buttonStyle } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';
import { getSignUpTerms } from '@/lib/domain/signup/verbs/get-sign-up-terms';
import { openContext } from '@/lib/server/context';
import { SignUpForm } from './_components/sign-up-form';
import { signUpWords } from './words';

const wordsNow = async () => signUpWords(await getSignUpTerms(await openContext(), undefined));

export const generateMetadata = async (): Promise<Metadata> => ({ title: (await wordsNow()).title });

export default async function SignUpPage() {
  const { open, title, text } = await wordsNow();
  return (
    <MessagePage title={title}>
      <p>{text}</p>
      {open ? (
        <>
          <SignUpForm />
          <PostForm action="/sign-in" failed="You are not signed in" className="text-sm text-muted">
            You have a user already?{' '}
            <Button type="submit" variant="quiet">
              Sign in
            </Button>
          </PostForm>
        </>
      ) : (
        <a href="/" className={buttonStyle('primary')}>
          Back to Annex
        </a>
      )}
    </MessagePage>
  );
}
