import { type Fact, Facts } from '@/components/data/facts';
import { formatCount, formatUnits } from '@/components/format';
import { Result } from '@/components/live/result';
import { Instant } from '@/components/ui/instant';
import { NextStep } from '@/components/ui/next-step';
import { Notice } from '@/components/ui/notice';
import { isImporting } from '@/lib/domain/crm/imports';
import type { OrderImport } from '@/lib/domain/crm/ports';
import { importWords } from '../import-reading';

/** What became of the last import, and what comes next. `orders` are those that are there now. */
export function LastImport({ last, orders }: { readonly last: OrderImport; readonly orders: number }) {
  if (isImporting(last)) return null;
  return (
    <Result as="div" name="import" mark={last.id} words={importWords(last)} className="space-y-4">
      {last.result ? (
        <Done last={last} result={last.result} />
      ) : (
        <Notice tone="failed" title={titleOf(last)}>
          <p>{last.reason ?? 'The file did not arrive whole. Nothing of it was imported.'}</p>
          <p className="mt-1 text-muted">
            {orders > 0 ? `The ${formatUnits(orders, 'order')} imported before are as they were. ` : null}
            <When last={last} />
          </p>
        </Notice>
      )}
    </Result>
  );
}

function titleOf({ state, fileName }: OrderImport): string {
  const file = fileName ?? 'The file';
  if (state === 'refused') return `${file} was not imported`;
  return state === 'interrupted'
    ? `The import of ${fileName ?? 'a file'} broke off`
    : `The import of ${fileName ?? 'a file'} failed`;
}

function When({ last: { startedBy, endedAt, startedAt } }: { readonly last: OrderImport }) {
  return (
    <>
      By {startedBy}, <Instant at={endedAt ?? startedAt} />.
    </>
  );
}

function Done({
  last,
  result,
}: {
  readonly last: OrderImport;
  readonly result: NonNullable<OrderImport['result']>;
}) {
  const { orders, customers, newOrders, newCustomers, refunds, firstOrderAt, lastOrderAt } = result;
  const facts: Fact[] = [
    { name: 'Orders in the file', value: formatCount(orders) },
    { name: 'Orders added', value: formatCount(newOrders) },
    { name: 'Customers in the file', value: formatCount(customers) },
    { name: 'Customers added', value: formatCount(newCustomers) },
    { name: 'Refunds in the file', value: formatCount(refunds) },
    {
      name: 'All orders, first to last',
      value: (
        <>
          <Instant at={firstOrderAt} style="date" /> – <Instant at={lastOrderAt} style="date" />
        </>
      ),
    },
  ];
  return (
    <>
      <Notice
        tone="done"
        title={
          newOrders === 0
            ? 'All of these orders were there already'
            : `${formatUnits(newOrders, 'order')} imported`
        }
      >
        <p>
          {last.fileName ? `From ${last.fileName}. ` : null}
          <When last={last} />
        </p>
      </Notice>
      <Facts facts={facts} />
      <NextStep
        links={[
          { href: '/customers', label: 'See customers' },
          { href: '/overview', label: 'Go to Overview' },
        ]}
      >
        {newOrders === 0
          ? 'nothing changed, so the churn risk of your customers stays as it is.'
          : 'the churn risk of each customer follows by itself, usually within a minute.'}
      </NextStep>
    </>
  );
}
