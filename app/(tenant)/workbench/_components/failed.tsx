import Link from 'next/link';
import { Timeline } from '@/components/data/timeline';
import { buttonStyle } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { UsualDurations, WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { doctorPage } from '../doctor/page-info';
import { progressOf } from './progress';
import { RequestFacts } from './request-facts';
import { RetryForm } from './retry-form';

/** The workbench after a failed step: the reason, what is kept, and how to continue. */
export function Failed({
  request,
  now,
  usual,
}: {
  readonly request: WorkbenchRequest;
  readonly now: Date;
  readonly usual: UsualDurations | null;
}) {
  return (
    <div className="space-y-6">
      <h2 className="sr-only">Steps</h2>
      <Notice
        tone="failed"
        title="A step failed"
        actions={
          <Link href={doctorPage.path} prefetch={false} className={buttonStyle('plain')}>
            Open the doctor
          </Link>
        }
      >
        <p>
          The completed steps are kept. Retrying continues from the failed step. If it fails again for the
          same reason, show that reason to your administrator.
        </p>
      </Notice>
      <Timeline steps={progressOf(request, now, usual).steps} now={now.getTime()} />
      <RetryForm requestId={request.requestId} attempt={request.attempt} />
      <RequestFacts request={request} />
    </div>
  );
}
