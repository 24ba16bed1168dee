import { LiveTimeline } from '@/components/live/live-timeline';
import { Result } from '@/components/live/result';
import type { UsualDurations, WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { progressOf } from './progress';
import { RequestFacts } from './request-facts';

/** The workbench during setup. */
export function Provisioning({
  request,
  now,
  usual,
}: {
  readonly request: WorkbenchRequest;
  readonly now: Date;
  readonly usual: UsualDurations | null;
}) {
  const progress = progressOf(request, now, usual);
  return (
    <div className="space-y-6">
      <section className="space-y-3">
        <Result
          name="workbench"
          mark={`${request.requestId}/${request.attempt}`}
          words={`Setting up your workbench. ${progress.words}`}
          className="text-lg"
        >
          Setting up your workbench
        </Result>
        <p className="max-w-3xl text-sm text-muted">
          This page updates automatically. You can close it: setup continues, and you’ll see the current
          status when you return.
        </p>
        <LiveTimeline initial={progress} href="/workbench/status" pageHref="/workbench" />
        {/* Nothing on this page can be lost by loading it again. */}
        <noscript>
          <meta httpEquiv="refresh" content="5" />
        </noscript>
      </section>
      <RequestFacts request={request} />
    </div>
  );
}
