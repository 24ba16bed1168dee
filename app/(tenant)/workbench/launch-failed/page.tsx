import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import { getBrake } from '@/lib/domain/costs/verbs/get-brake';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { getWorkbench } from '@/lib/domain/workbench/verbs/get-workbench';
import type { ErrorCode } from '@/lib/errors';
import { metadataOf, pageContext } from '@/lib/server/page';
import { launchFailedPage } from './page-info';

export const generateMetadata = metadataOf(launchFailedPage);

type Explanation = readonly [title: string, text: string];

const byState: Readonly<Record<WorkbenchRequest['state'] | 'none', Explanation>> = {
  none: ['No workbench yet', 'Request one first. You can launch Studio once all setup steps are done.'],
  provisioning: [
    'The workbench is not ready yet',
    'Setup is in progress. Follow it on the workbench page and launch Studio once all steps are done.',
  ],
  failed: ['Workbench setup failed', 'A step failed. Retry it on the workbench page, then launch Studio.'],
  ready: [
    'Studio did not respond correctly',
    'Its domain or your profile may have been deleted. Annex is checking the workbench. Launch Studio again in a minute.',
  ],
};

const byCode: Partial<Readonly<Record<ErrorCode, Explanation>>> = {
  forbidden: [
    'The launch did not come from an Annex page',
    'Nothing was opened. Open the workbench page and launch Studio there.',
  ],
  throttled: ['AWS is throttling requests', 'Nothing was opened. Wait a few seconds, then launch again.'],
  dependency_denied: [
    'AWS denied Annex access to your account',
    'The role that Annex uses may have been changed. Your data is untouched. Show this message to your administrator.',
  ],
  dependency_failed: [
    'AWS could not be reached',
    'Nothing was opened, and your data is untouched. Try again in a minute.',
  ],
};

export default async function LaunchFailedPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly why?: string | readonly string[] }>;
}) {
  const context = await pageContext(launchFailedPage);
  const { why } = await searchParams;
  const known = typeof why === 'string' && Object.hasOwn(byCode, why) ? byCode[why as ErrorCode] : undefined;
  const braked = why === 'conflict' ? await getBrake(context, undefined) : null;
  const spent: Explanation | undefined = braked === null ? undefined : ['The budget is spent', braked];
  const [title, text] = known ?? spent ?? byState[(await getWorkbench(context, undefined))?.state ?? 'none'];
  return (
    <>
      <PageHeader title={launchFailedPage.title} />
      <EmptyState title={title}>
        <p>{text}</p>
        <a href="/workbench" className={buttonStyle('primary')}>
          Go to Workbench
        </a>
      </EmptyState>
    </>
  );
}
