import { formatUnits } from '@/components/format';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { TenantContext } from '@/lib/domain/context';
import { crmOverview } from '@/lib/domain/crm/verbs/crm-overview';
import { latestImport } from '@/lib/domain/crm/verbs/latest-import';
import { metadataOf, pageContext } from '@/lib/server/page';
import type { AddressParams } from '../../../_components/address';
import { Deferred } from '../../../_components/deferred';
import { ImportDesk } from './_components/import-desk';
import { LastImport } from './_components/last-import';
import { PlainForm } from './_components/plain-form';
import { choicesOf, proposedChoices, standardChoices } from './fields';
import { importReading } from './import-reading';
import { importPage } from './page-info';
import { refusalWords } from './refusal';

export const generateMetadata = metadataOf(importPage);

export default async function ImportPage({
  searchParams,
}: {
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(importPage);
  const { refused } = await searchParams;
  return (
    <>
      <PageHeader title={importPage.title} parent={importPage.parent}>
        Your order history as a CSV file. Churn risk is computed from it.
      </PageHeader>
      <Deferred
        context={context}
        fallback={<Skeleton className="h-80 w-full" />}
        load={() => loadDesk(context, refusalWords(refused))}
      />
    </>
  );
}

async function loadDesk(context: TenantContext, refusal: string | null) {
  const [last, { customers, orders }] = await Promise.all([
    latestImport(context, undefined),
    crmOverview(context, undefined),
  ]);
  const about =
    orders === 0
      ? 'All of the file is imported, or nothing of it: if a line can’t be read, you see which one and why.'
      : `The file is added to the ${formatUnits(orders, 'order')} of ${formatUnits(customers, 'customer')} that are there. None is replaced, and orders that are there already are not added again. If a line can’t be read, nothing of the file is imported.`;
  const submitLabel = orders === 0 ? 'Import orders' : 'Add these orders';
  const choices =
    last?.state === 'refused'
      ? last.proposal
        ? proposedChoices(last.proposal)
        : choicesOf(last.reading)
      : standardChoices;
  return (
    <div className="space-y-6">
      {refusal ? (
        <Notice tone="failed" title="The file was not imported">
          {refusal}
        </Notice>
      ) : null}
      <ImportDesk
        initial={importReading(last, context.now())}
        last={last ? <LastImport last={last} orders={orders} /> : null}
        about={about}
        submitLabel={submitLabel}
      >
        <noscript>
          <PlainForm
            choices={choices}
            columns={last?.proposal?.columns ?? null}
            about={about}
            submitLabel={submitLabel}
          />
        </noscript>
      </ImportDesk>
    </div>
  );
}
