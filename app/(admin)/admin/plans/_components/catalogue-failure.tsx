import { Notice } from '@/components/ui/notice';
import type { AnnexError } from '@/lib/errors';

/** Says that the workbenches to choose from are not known. */
export function CatalogueFailure({ failure }: { readonly failure: AnnexError | null }) {
  if (!failure) return null;
  return (
    <Notice tone="warning" title="The workbenches could not be loaded">
      {failure.message} Only those that are included already are listed, by their ids. Everything else can be
      changed.
    </Notice>
  );
}
