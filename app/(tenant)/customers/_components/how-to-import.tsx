import { Copy, Copyable } from '@/components/ui/copy';

/** Who imports orders, the command for it, and the columns of the file. */
export function HowToImport({ tenantId }: { readonly tenantId: string }) {
  const command = `npm run crm:import -- --tenant ${tenantId} --file orders.csv`;
  return (
    <>
      <p>
        Customers come from your order history. Ask your Annex operator to import it for tenant{' '}
        <Copyable what="tenant id" className="text-ink">
          {tenantId}
        </Copyable>
        , from a CSV file with the columns below. If you run Annex yourself, this is the command:
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border border-line bg-sunk px-4 py-2">
        <code className="min-w-0 flex-1 basis-64 font-mono text-sm text-ink [overflow-wrap:anywhere]">
          {command}
        </code>
        <Copy what="import command" />
      </div>
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
        be read, the whole file is rejected and the error shows the line number. Scores appear automatically
        within about a minute.
      </p>
    </>
  );
}

const columns = [
  ['customer_id', 'your own id for the customer'],
  ['ordered_at', 'a date such as 2026-01-31, or a date and time'],
  ['quantity', 'number of items'],
  ['amount', 'the order total, in your currency; negative for a refund'],
] as const;
