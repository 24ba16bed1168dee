import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { ListedEndpoint } from '@/lib/domain/models/verbs/list-endpoints';
import { statusOf, toneOf } from '../endpoints-reading';
import { type ModelView, modelHref } from '../view';
import { EndpointRadio } from './chosen-endpoint';

/** Radio buttons for the endpoints. */
export function EndpointChoice({
  endpoints,
  view,
  activeName,
}: {
  readonly endpoints: readonly ListedEndpoint[];
  readonly view: ModelView;
  /** The endpoint that scores come from. */
  readonly activeName: string | null;
}) {
  const hrefOf = (endpoint: string, anchor?: string) =>
    modelHref({ ...view, endpoint, activated: undefined }, anchor);
  return (
    <fieldset>
      <legend className="sr-only">Endpoint</legend>
      <div className="divide-y divide-line border border-line bg-plate">
        {endpoints.map((endpoint) => (
          <label
            key={endpoint.name}
            htmlFor={`endpoint-${endpoint.name}`}
            className="flex items-start gap-3 px-4 py-3 has-[input:checked]:shadow-[inset_2px_0_0_var(--color-ink)]"
          >
            <EndpointRadio
              id={`endpoint-${endpoint.name}`}
              name={endpoint.name}
              href={hrefOf(endpoint.name)}
            />
            <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-6 gap-y-1">
              <span className="min-w-0 grow basis-60 font-medium [overflow-wrap:anywhere]">
                {endpoint.name}
                {endpoint.name === activeName ? (
                  <span className="ml-2 text-xs">
                    <Status tone="done">in use</Status>
                  </span>
                ) : null}
              </span>
              <span className="basis-32 text-sm">
                <Status tone={toneOf(endpoint)}>{statusOf(endpoint)}</Status>
              </span>
              <span className="basis-56 text-sm text-muted">
                changed <Instant at={endpoint.changedAt} />
              </span>
              <span className="basis-56 text-sm text-muted">
                <Tested endpoint={endpoint} reportHref={hrefOf(endpoint.name, 'report')} />
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Tested({
  endpoint: { name, report },
  reportHref,
}: {
  readonly endpoint: ListedEndpoint;
  readonly reportHref: string;
}) {
  if (!report) return 'never tested';
  return (
    <>
      <Status tone={report.passed ? 'done' : 'failed'}>{report.passed ? 'passed' : 'failed'}</Status>{' '}
      <Instant at={report.testedAt} />
      {/* With scripts, choosing the endpoint shows its report. */}
      <noscript>
        {' '}
        <a href={reportHref} className="link">
          Report<span className="sr-only"> of {name}</span>
        </a>
      </noscript>
    </>
  );
}
