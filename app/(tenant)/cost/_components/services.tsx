import { Cell, DataTable, RowHead } from '@/components/data/table';
import { formatUsd } from '@/components/format';
import type { MonthOnBill } from '@/lib/domain/costs/bill';
import { type Month, monthInWords } from '@/lib/domain/month';

/** The month’s bill by AWS’s services. */
export function Services({ month, name }: { readonly month: MonthOnBill; readonly name: Month }) {
  return (
    <section className="space-y-3">
      <h2 className="text-lg">By service</h2>
      {month.state === 'billed' ? (
        <DataTable
          label={`The bill of ${monthInWords(name)} by service`}
          columns={[{ label: 'Service' }, { label: 'USD', numeric: true }]}
        >
          {month.bill.services.map(({ service, usd }) => (
            <tr key={service}>
              <RowHead>{service}</RowHead>
              <Cell numeric>{formatUsd(usd)}</Cell>
            </tr>
          ))}
        </DataTable>
      ) : (
        <p className="text-sm text-muted">
          {month.state === 'nothing'
            ? `AWS has billed nothing for ${monthInWords(name)} yet.`
            : `The bill of ${monthInWords(name)} was not read yet.`}
        </p>
      )}
    </section>
  );
}
