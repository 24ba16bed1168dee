import { Message } from '@/components/shell/message-page';
import { Refusal } from '../_components/refusal';

export default function Forbidden() {
  return <Refusal Within={Message} />;
}
