import type { Metadata } from 'next';
import { MessagePage } from '@/components/shell/message-page';
import { Button } from '@/components/ui/button';
import { Copyable } from '@/components/ui/copy';
import { PostForm } from '@/components/ui/post-form';
import { authFailure } from '@/lib/server/auth-failure';

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: authFailure(await searchParams).title };
}

export default async function AuthErrorPage({ searchParams }: Props) {
  const { title, text, callbackUrl, reference } = authFailure(await searchParams);
  return (
    <MessagePage title={title}>
      <p>{text}</p>
      {reference ? (
        <p className="text-sm text-muted">
          Reference:{' '}
          <Copyable what="reference" className="text-ink">
            {reference}
          </Copyable>
        </p>
      ) : null}
      <PostForm action="/sign-in" failed="You are not signed in">
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <Button type="submit" variant="primary">
          Sign in
        </Button>
      </PostForm>
    </MessagePage>
  );
}
