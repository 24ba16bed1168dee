import { EmptyState } from '@/components/ui/empty-state';

/** The list before its first import: what brings customers here. */
export function NothingImported({ tenantId }: { readonly tenantId: string }) {
  return (
    <EmptyState title="No orders have been imported yet">
      <p>
        Customers come from order history. Ask whoever runs Annex for you to import yours, for tenant{' '}
        <span className="font-mono text-ink">{tenantId}</span>, from a CSV file with the columns below. If
        that is you, the README of Annex has the command. Scores follow by themselves within a minute or so.
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
        The first line names the columns. Importing the same file again doubles nothing; a file with a line
        that cannot be read is refused whole, with that line’s number.
      </p>
    </EmptyState>
  );
}

const columns = [
  ['customer_id', 'your own id of the customer'],
  ['ordered_at', 'a date such as 2026-01-31, or a date and time'],
  ['quantity', 'pieces'],
  ['amount', 'what the order cost, in your currency'],
] as const;
