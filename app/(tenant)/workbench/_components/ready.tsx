import Link from 'next/link';
import { Facts } from '@/components/data/facts';
import { Timeline } from '@/components/data/timeline';
import { Copyable } from '@/components/ui/copy';
import { NextStep } from '@/components/ui/next-step';
import type { TenantContext } from '@/lib/domain/context';
import { listExtracts } from '@/lib/domain/extracts/verbs/list-extracts';
import { listRunning } from '@/lib/domain/running/verbs/list-running';
import { known, seenInAws } from '@/lib/domain/seen';
import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { getStudioSession } from '@/lib/domain/workbench/verbs/get-studio-session';
import { listSpaces } from '@/lib/domain/workbench/verbs/list-spaces';
import { isAnnexError } from '@/lib/errors';
import { studioSessionWords, workbenchPlace } from '@/lib/server/workbench-place';
import { trainingDraftHref } from '../../extracts/new/draft';
import { modelPage } from '../../model/page-info';
import { runningPage } from '../running/page-info';
import { headlineOf } from '../running/words';
import { LaunchStudio } from './launch-studio';
import { OwnSpaces } from './own-spaces';
import { progressOf } from './progress';
import { RequestFacts } from './request-facts';
import { SessionNote } from './session-note';

/** The finished workbench: the launch button and its parts. */
export async function Ready({
  request,
  context,
}: {
  readonly request: WorkbenchRequest;
  readonly context: TenantContext;
}) {
  const { region, bucket } = workbenchPlace(context.tenant.id, request.accountId);
  const [trained, running, session, studio] = await Promise.all([
    hasTrainingData(context),
    listRunning(context, undefined),
    getStudioSession(context, undefined),
    // Without them, Studio is to be reached all the same.
    seenInAws(context, listSpaces, () => listSpaces(context, undefined)),
  ]);
  return (
    <div className="space-y-6">
      <section className="flex flex-wrap items-center justify-between gap-x-10 gap-y-4 border border-line bg-plate px-6 py-5 shadow-[inset_0_2px_0_var(--color-done)]">
        <div className="min-w-0 flex-1 basis-80">
          <h2 className="text-lg">Your workbench is ready</h2>
          <p className="mt-1 text-sm text-muted">
            Studio opens in a new tab, signed in as you. Each launch creates a link that works once and
            expires soon. Studio stays open for {studioSessionWords()} after a launch, even if you sign out of
            Annex.
          </p>
        </div>
        <LaunchStudio />
        <OwnSpaces spaces={known(studio)?.spaces ?? []} />
      </section>
      {session ? (
        <SessionNote now={context.now().toISOString()} endsAt={session.endsAt.toISOString()} />
      ) : null}
      {trained ? (
        <NextStep links={[{ href: modelPage.path, label: 'Go to Model' }]}>
          in Studio, train a model on your training extract and deploy it to an endpoint. Then test the
          endpoint under Model.
        </NextStep>
      ) : (
        <NextStep links={[{ href: trainingDraftHref, label: 'Take a training extract' }]}>
          bring past customers with their outcome into your bucket, to train a model on them in Studio.
        </NextStep>
      )}
      <Facts
        facts={[
          {
            name: 'Running now',
            value: (
              <Link href={runningPage.path} className="link">
                {headlineOf(running)}
              </Link>
            ),
          },
          { name: 'Studio domain', value: idOf('Studio domain', request.domainId) },
          { name: 'AWS account', value: idOf('AWS account', request.accountId) },
          { name: 'Region', value: region },
          { name: 'Bucket', value: idOf('bucket', bucket) },
        ]}
      />
      <RequestFacts request={request} />
      <section className="space-y-3">
        <h2 className="text-lg">Setup history</h2>
        <Timeline steps={progressOf(request, context.now(), null).steps} now={context.now().getTime()} />
      </section>
    </div>
  );
}

/** Whether one of the newest extracts is a file to train on. If that cannot be read, Studio is to be reached all the same. */
async function hasTrainingData(context: TenantContext): Promise<boolean> {
  try {
    const { extracts } = await listExtracts(context, {});
    return extracts.some(({ dataset, state }) => dataset === 'churn_training' && state === 'done');
  } catch (error) {
    if (!isAnnexError(error, 'dependency_failed', 'dependency_denied', 'throttled')) throw error;
    context.log.warn({ err: error }, 'the extracts could not be read for the next step');
    return false;
  }
}

const idOf = (what: string, id: string | null) => (id === null ? '–' : <Copyable what={what}>{id}</Copyable>);
