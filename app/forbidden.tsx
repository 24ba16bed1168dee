import { Refusal } from './_components/refusal';

export default function Forbidden() {
  return <Refusal />;
}
