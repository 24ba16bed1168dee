import { LocalTime } from '../ui/local-time';
import { Status } from '../ui/status';
import { Refused } from './reading';

/**
 * Says over the lower edge of the window, where nothing moves for it, that the page shows an old state because `failure`
 * keeps it from being updated. Without JavaScript it offers to load the page again: a page that does so by itself would
 * lose what is being typed.
 */
export function Freshness({
  failure,
  at,
  underWay,
  pageHref,
}: {
  readonly failure: Error | null;
  /** When the state that is shown was read, ISO 8601. */
  readonly at: string;
  readonly underWay: boolean;
  readonly pageHref: string;
}) {
  return (
    <>
      <div role="status" aria-label="Updates" className="fixed inset-x-4 bottom-4 z-20 sm:left-auto">
        {failure ? (
          <p className="border border-edge bg-plate px-4 py-2 text-sm shadow-lg">
            <Status tone="warning">
              Last updated at <LocalTime at={at} style="second" /> – not updating.
            </Status>{' '}
            {failure instanceof Refused ? (
              <>
                {failure.message}{' '}
                <a href={pageHref} className="link">
                  Load the page again
                </a>
              </>
            ) : (
              'Trying again.'
            )}
          </p>
        ) : null}
      </div>
      {underWay ? (
        <noscript>
          <p className="text-sm">
            Work is under way.{' '}
            <a href={pageHref} className="link">
              Refresh
            </a>
          </p>
        </noscript>
      ) : null}
    </>
  );
}
