import { MessagePage } from '@/components/shell/message-page';
import { Refusal } from './_components/refusal';

export default function Forbidden() {
  return (
    <MessagePage title="You may not see this page">
      <Refusal />
    </MessagePage>
  );
}
