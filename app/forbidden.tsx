import { MessagePage } from '@/components/shell/message-page';
import { Refusal } from './_components/refusal';

export default function Forbidden() {
  return (
    <MessagePage title="You don’t have access to this page">
      <Refusal />
    </MessagePage>
  );
}
