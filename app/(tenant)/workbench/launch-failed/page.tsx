import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHeader } from '@/components/ui/page-header';
import type { TenantContext } from '@/lib/domain/context';
import { getBrake } from '@/lib/domain/costs/verbs/get-brake';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { getSpaceRefusalInput } from '@/lib/domain/workbench/schemas';
import { getSpaceRefusal } from '@/lib/domain/workbench/verbs/get-space-refusal';
import { getWorkbench } from '@/lib/domain/workbench/verbs/get-workbench';
import { type ErrorCode, isAnnexError } from '@/lib/errors';
import { metadataOf, pageContext } from '@/lib/server/page';
import { type AddressParams, firstOf } from '../../../_components/address';
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
  invalid: [
    'AWS has no such place in Studio',
    'Nothing was opened. Open the list of what runs, or launch Studio, and choose the space there.',
  ],
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
  readonly searchParams: Promise<AddressParams>;
}) {
  const context = await pageContext(launchFailedPage);
  const params = await searchParams;
  const why = firstOf(params.why);
  const known = why !== undefined && Object.hasOwn(byCode, why) ? byCode[why as ErrorCode] : undefined;
  const braked = why === 'conflict' ? await getBrake(context, undefined) : null;
  const spent: Explanation | undefined = braked === null ? undefined : ['The budget is spent', braked];
  const refused = spent ? undefined : await ofSpace(context, why, firstOf(params.space));
  const [title, text] =
    refused ?? known ?? spent ?? byState[(await getWorkbench(context, undefined))?.state ?? 'none'];
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

/** What AWS says now of the space that was not opened. Nothing if that is not why, or it can't be read. */
async function ofSpace(
  context: TenantContext,
  why: string | undefined,
  name: string | undefined,
): Promise<Explanation | undefined> {
  const input = getSpaceRefusalInput.safeParse({ space: name });
  if (!input.success || (why !== 'conflict' && why !== 'invalid')) return undefined;
  try {
    const refusal = await getSpaceRefusal(context, input.data);
    return refusal === null ? undefined : ['The space was not opened', refusal];
  } catch (error) {
    if (!isAnnexError(error)) throw error;
    context.log.warn({ err: error }, 'the space that was not opened could not be read');
    return undefined;
  }
}
