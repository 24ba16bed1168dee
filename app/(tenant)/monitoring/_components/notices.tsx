import { Button, buttonStyle } from '@/components/ui/button';
import { LocalTime } from '@/components/ui/local-time';
import { Notice } from '@/components/ui/notice';
import type { LiveView } from '../live-view';

interface Props {
  readonly view: LiveView;
  readonly pageHref: string;
  /** Reads again without a page load; null without JavaScript. */
  readonly retry: (() => void) | null;
}

/** Notices about the endpoint, about reading the metrics, and about calls that have stopped. */
export function Notices({ view, pageHref, retry }: Props) {
  const { metrics } = view;
  return (
    <>
      <EndpointNotice view={view} />
      {metrics.state === 'failed' ? (
        <Notice
          tone="failed"
          title={
            metrics.failure.code === 'dependency_denied'
              ? 'No permission to read the metrics'
              : metrics.failure.code === 'throttled'
                ? 'CloudWatch is throttling requests'
                : 'The metrics could not be read'
          }
          actions={
            retry ? (
              <Button onClick={retry}>Try again</Button>
            ) : (
              <a href={pageHref} className={buttonStyle('plain')}>
                Try again
              </a>
            )
          }
        >
          <p>{metrics.failure.message}</p>
        </Notice>
      ) : null}
      {metrics.state === 'read' && metrics.messages.length > 0 ? (
        <Notice tone="warning" title="Message from CloudWatch">
          {metrics.messages.map((message) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      ) : null}
      {metrics.state === 'read' && metrics.figures.late && metrics.figures.newest !== null ? (
        <Notice tone="warning" title="Late: regular calls have stopped">
          <p>
            The newest data is from <LocalTime at={new Date(metrics.figures.newest * 1000).toISOString()} />.
            Either nothing calls the endpoint any more, or CloudWatch is delayed.
          </p>
        </Notice>
      ) : null}
    </>
  );
}

function EndpointNotice({ view: { endpoint, chosen, metrics } }: { readonly view: LiveView }) {
  const toModel = (
    <a href="/model" className={buttonStyle('plain')}>
      Go to Model
    </a>
  );
  switch (endpoint.state) {
    case 'gone':
      return (
        <Notice
          tone="failed"
          title={`The endpoint ${chosen.endpointName} no longer exists`}
          actions={toModel}
        >
          <p>
            It is no longer in your AWS account.{' '}
            {metrics.state === 'read' ? ' The metrics below are what CloudWatch still has.' : ''}{' '}
            {chosen.active !== null
              ? ' While it is gone, scores fall back to the built-in model. Deploy the endpoint again or activate another version.'
              : ''}
          </p>
        </Notice>
      );
    case 'unknown':
      return (
        <Notice tone="failed" title="The endpoint’s status is unknown">
          <p>{endpoint.failure.message}</p>
        </Notice>
      );
    default:
      return endpoint.status === 'InService' ? null : (
        <Notice
          tone={endpoint.status === 'Failed' ? 'failed' : 'warning'}
          title={`The endpoint is not in service: ${endpoint.status}`}
          actions={toModel}
        >
          {endpoint.reason ? <p>{endpoint.reason}</p> : null}
        </Notice>
      );
  }
}
