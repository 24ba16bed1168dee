import { refusalReason } from '@/lib/server/context';
import { RefusalMessage } from './refusal-message';

/** Why a signed-in person may not see a page, and where to go next: as a page of its own, or `inside` the shell. */
export async function Refusal({ inside = false }: { readonly inside?: boolean }) {
  return <RefusalMessage reason={await refusalReason()} inside={inside} />;
}
