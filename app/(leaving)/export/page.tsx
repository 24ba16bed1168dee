import { MessagePage } from '@/components/shell/message-page';
import { FileLink } from '@/components/ui/file-link';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { type ExportFile, exportFiles } from '@/lib/domain/closing/export-files';
import { getExport } from '@/lib/domain/closing/verbs/get-export';
import { metadataOf, pageContext } from '@/lib/server/page';
import { exportPage } from './page-info';

export const generateMetadata = metadataOf(exportPage);

const contents: Readonly<Record<ExportFile, { readonly title: string; readonly words: string }>> = {
  customers: { title: 'Customers', words: 'With features, churn probability and its source' },
  orders: { title: 'Orders', words: 'In the columns that an import reads' },
  tickets: { title: 'Tickets', words: 'Support tickets by customer' },
  people: { title: 'People', words: 'Addresses and roles' },
  audit: { title: 'Audit', words: 'What everybody did' },
};

/** All that the tenant has in Annex, one file each. A page of its own: it is there for owners also while the tenant is being closed. */
export default async function ExportPage() {
  const context = await pageContext(exportPage);
  const { until } = await getExport(context, undefined);
  return (
    <MessagePage title={exportPage.title}>
      {until ? (
        <Notice tone="warning" title={`${context.tenant.name} is being closed`}>
          <p>
            Its data is kept until <Instant at={until} style="minute" />, and deleted then. That can’t be
            undone.
          </p>
        </Notice>
      ) : (
        <p>All that {context.tenant.name} has in Annex, as CSV.</p>
      )}
      <ul className="divide-y divide-line border-y border-line">
        {exportFiles.map((file) => (
          <li key={file} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
            <div>
              <h2 className="font-medium">{contents[file].title}</h2>
              <p className="text-sm text-muted">{contents[file].words}</p>
            </div>
            <FileLink href={`/export/${file}`}>
              Download<span className="sr-only"> {contents[file].title.toLowerCase()}</span>
            </FileLink>
          </li>
        ))}
      </ul>
      <p className="text-sm text-muted">
        Extracts and trained models are in the bucket of your AWS account. Ask your administrator if you need
        them.
      </p>
    </MessagePage>
  );
}
