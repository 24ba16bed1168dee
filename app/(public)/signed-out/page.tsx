import type { Metadata } from 'next';
import { MessagePage } from '@/components/shell/message-page';
import { Button } from '@/components/ui/button';

const title = 'Signed out';

export const metadata: Metadata = { title };

export default function SignedOutPage() {
  return (
    <MessagePage title={title}>
      <p>You are signed out of Annex in every browser, and of the sign-in service in this one.</p>
      <form action="/sign-in" method="post">
        <Button type="submit" variant="primary">
          Sign in
        </Button>
      </form>
    </MessagePage>
  );
}
