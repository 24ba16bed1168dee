import { EmptyState } from '@/components/ui/empty-state';

/** The list before the first import: explains how to import customers. */
export function NothingImported({ tenantId }: { readonly tenantId: string }) {
  return (
    <EmptyState title="No orders imported yet">
      <p>
        Customers come from your order history. Ask your Annex operator to import it for tenant{' '}
        <span className="font-mono text-ink">{tenantId}</span>, from a CSV file with the columns below. If you
        run Annex yourself, see its README for the command. Scores appear automatically within about a minute.
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-sm">
        {columns.map(([name, meaning]) => (
          <div key={name} className="contents">
            <dt className="font-mono text-ink">{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="text-sm">
        The first line names the columns. Importing the same file again creates no duplicates. If a line can’t
        be read, the whole file is rejected and the error shows the line number.
      </p>
    </EmptyState>
  );
}

const columns = [
  ['customer_id', 'your own id for the customer'],
  ['ordered_at', 'a date such as 2026-01-31, or a date and time'],
  ['quantity', 'number of items'],
  ['amount', 'the order total, in your currency; negative for a refund'],
] as const;
