import { formatUsd } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import { unusedUsd } from '@/lib/domain/running/cost';
import type { RunningView } from '@/lib/domain/running/verbs/view-running';
import { known } from '@/lib/domain/seen';
import { runningPage } from '../../workbench/running/page-info';
import { headlineOf } from '../../workbench/running/words';

/** How much runs now, and which endpoints nobody has called for a week. */
export function RunsNow({ view, now }: { readonly view: RunningView; readonly now: Date }) {
  const unused = (known(view.endpoints)?.items ?? []).flatMap((endpoint) => {
    const usd = unusedUsd(endpoint, known(view.calls)?.get(endpoint.name) ?? null, now);
    return usd === null ? [] : [{ name: endpoint.name, usd }];
  });
  const unread = [view.apps, view.endpoints, view.calls].flatMap((part) =>
    part.state === 'unreadable' ? [part.reason] : [],
  );
  return (
    <section className="space-y-3">
      <h2 className="text-lg">What runs now</h2>
      <p className="text-sm">
        {headlineOf(view)}, as of <Instant at={view.readAt} style="second" />.{' '}
        <a href={runningPage.path} className="link">
          See and stop what runs
        </a>
      </p>
      {[...new Set(unread)].map((reason) => (
        <p key={reason} className="text-sm text-muted">
          {reason}
        </p>
      ))}
      {unused.length > 0 ? (
        <Notice tone="warning" title="Endpoints without a call for a week">
          <ul>
            {unused.map(({ name, usd }) => (
              <li key={name}>
                <bdi className="font-mono">{name}</bdi> has cost {formatUsd(usd)} in that time.
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </section>
  );
}
