import { mayExport, refusalReason } from '@/lib/server/context';
import { RefusalMessage } from './refusal-message';

/** Why a signed-in person may not see a page, and where to go next: as a page of its own, or `inside` the shell. */
export async function Refusal({ inside = false }: { readonly inside?: boolean }) {
  const reason = await refusalReason();
  // Somebody who is not signed in has nothing to export.
  const exports = await mayExport().catch(() => false);
  return <RefusalMessage reason={reason} exports={exports} inside={inside} />;
}
