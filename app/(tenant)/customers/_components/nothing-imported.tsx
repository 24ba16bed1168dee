import { EmptyState } from '@/components/ui/empty-state';
import { HowToImport } from './how-to-import';

/** The list before the first import: explains how to import customers. */
export function NothingImported({ tenantId }: { readonly tenantId: string }) {
  return (
    <EmptyState title="No orders imported yet">
      <HowToImport tenantId={tenantId} />
    </EmptyState>
  );
}
