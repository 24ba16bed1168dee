import type { Metadata } from 'next';
import { connection } from 'next/server';
import { MessagePage } from '@/components/shell/message-page';
import { Button } from '@/components/ui/button';
import { PostForm } from '@/components/ui/post-form';
import { studioSessionWords } from '@/lib/server/workbench-place';

const title = 'Signed out';

export const metadata: Metadata = { title };

export default async function SignedOutPage() {
  // A build has no settings; this learns there that the page is rendered per request.
  await connection();
  return (
    <MessagePage title={title}>
      <p>You are signed out of Annex in every browser, and of the sign-in service in this one.</p>
      <p>
        Annex can’t sign you out of Studio. If Studio is open, sign out there, too; otherwise it stays open
        for up to {studioSessionWords()} after its launch.
      </p>
      <PostForm action="/sign-in" failed="You are not signed in">
        <Button type="submit" variant="primary">
          Sign in
        </Button>
      </PostForm>
    </MessagePage>
  );
}
