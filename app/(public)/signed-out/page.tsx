import type { Metadata } from 'next';
import { MessagePage } from '@/components/shell/message-page';
import { Button } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';

const title = 'Signed out';

export const metadata: Metadata = { title };

export default function SignedOutPage() {
  return (
    <MessagePage title={title}>
      <p>You are signed out of Annex in every browser, and of the sign-in service in this one.</p>
      <PostForm action="/sign-in" failed="You are not signed in">
        <Button type="submit" variant="primary">
          Sign in
        </Button>
      </PostForm>
    </MessagePage>
  );
}
