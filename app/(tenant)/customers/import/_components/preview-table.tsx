import { Cell, DataTable, RowHead } from '@/components/data/table';
import { formatAmount, formatCount, formatInstant, isWholeDay } from '@/components/format';
import type { PreviewedOrder } from '../preview-reading';

/** The first orders of the chosen file. */
export function PreviewTable({ orders }: { readonly orders: readonly PreviewedOrder[] }) {
  return (
    <DataTable
      label="The first orders of the file"
      columns={[
        { label: 'Customer' },
        { label: 'Ordered (UTC)' },
        { label: 'Quantity', numeric: true },
        { label: 'Amount', numeric: true },
      ]}
    >
      {orders.map(({ customerId, orderedAt, quantity, amount }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be the same.
        <tr key={index}>
          <RowHead>{customerId}</RowHead>
          <Cell>{utcWords(new Date(orderedAt))}</Cell>
          <Cell numeric>{formatCount(quantity)}</Cell>
          <Cell numeric>
            {formatAmount(amount)}
            {amount < 0 ? <span className="text-muted"> refund</span> : null}
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

const utcWords = (at: Date): string => formatInstant(at, isWholeDay(at) ? 'date' : 'second', 'UTC');
