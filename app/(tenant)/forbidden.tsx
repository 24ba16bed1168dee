import { Message } from '@/components/shell/message-page';
import { Refusal } from '../_components/refusal';

export default function Forbidden() {
  return (
    <Message title="You don’t have access to this page">
      <Refusal />
    </Message>
  );
}
