import type { Metadata } from 'next';
import { buttonLook } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { getWorkbench } from '@/lib/domain/workbench/verbs/get-workbench';
import type { ErrorCode } from '@/lib/errors';
import { pageContext } from '@/lib/server/page';
import { launchFailedPage } from './page-info';

export const metadata: Metadata = { title: launchFailedPage.title };

type Explanation = readonly [title: string, text: string];

const byState: Readonly<Record<WorkbenchRequest['state'] | 'none', Explanation>> = {
  none: [
    'There is no workbench yet',
    'Request one first; Studio can be launched when its last step is done.',
  ],
  provisioning: [
    'The workbench is not ready yet',
    'Its steps are under way. Launch Studio when the last one is done; the workbench page follows them.',
  ],
  failed: [
    'The workbench could not be finished',
    'A step failed. Retry it from the workbench page, then launch Studio.',
  ],
  ready: [
    'Studio did not answer as it should',
    'Its domain or your profile may be gone. Annex looks at the workbench again; launch Studio once more in a minute.',
  ],
};

const byCode: Partial<Readonly<Record<ErrorCode, Explanation>>> = {
  forbidden: [
    'The launch did not come from a page of Annex',
    'Nothing was opened. Open the workbench page and launch Studio there.',
  ],
  throttled: ['AWS asks to slow down', 'Nothing was opened. Wait a few seconds, then launch again.'],
  dependency_denied: [
    'AWS refused Annex in your account',
    'The role that Annex acts in may have been changed. Your data is untouched; show this to your administrator.',
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
  const [title, text] = known ?? byState[(await getWorkbench(context, undefined))?.state ?? 'none'];
  return (
    <>
      <PageHeader title={launchFailedPage.title} />
      <EmptyState title={title}>
        <p>{text}</p>
        <a href="/workbench" className={buttonLook('primary')}>
          Go to the workbench
        </a>
      </EmptyState>
    </>
  );
}
