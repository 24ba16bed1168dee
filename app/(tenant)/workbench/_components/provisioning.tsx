import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';
import { LiveTimeline } from './live-timeline';
import { progressOf } from './progress';
import { RequestFacts } from './request-facts';

/** The workbench during setup. */
export function Provisioning({ request, now }: { readonly request: WorkbenchRequest; readonly now: Date }) {
  return (
    <div className="space-y-6">
      <section className="space-y-3">
        <h2 className="text-lg">Setting up your workbench</h2>
        <p className="max-w-3xl text-sm text-muted">
          This page updates automatically. You can close it: setup continues, and you’ll see the current
          status when you return.
        </p>
        <LiveTimeline key={`${request.requestId}/${request.attempt}`} initial={progressOf(request, now)} />
        <noscript>
          <meta httpEquiv="refresh" content="5" />
          <p className="text-sm">
            This page reloads every five seconds. <a href="/workbench">Reload now.</a>
          </p>
        </noscript>
      </section>
      <RequestFacts request={request} />
    </div>
  );
}
