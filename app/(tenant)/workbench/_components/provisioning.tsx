import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { LiveTimeline } from './live-timeline';
import { progressOf } from './progress';
import { RequestFacts } from './request-facts';

/** The workbench while it is made. */
export function Provisioning({ request, now }: { readonly request: WorkbenchRequest; readonly now: Date }) {
  return (
    <div className="space-y-6">
      <section className="space-y-3">
        <h2 className="text-lg">Your workbench is being made</h2>
        <p className="max-w-3xl text-sm text-muted">
          This page follows it. You may close the page; the work goes on, and the page shows the truth when
          you are back.
        </p>
        <LiveTimeline key={`${request.requestId}/${request.attempt}`} initial={progressOf(request, now)} />
        <noscript>
          <meta httpEquiv="refresh" content="5" />
          <p className="text-sm">
            This page loads itself again every five seconds. <a href="/workbench">Load it now.</a>
          </p>
        </noscript>
      </section>
      <RequestFacts request={request} />
    </div>
  );
}
