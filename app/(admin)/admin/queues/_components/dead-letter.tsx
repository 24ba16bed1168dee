import { Instant } from '@/components/ui/instant';
import type { WorkQueueName } from '@/lib/domain/queues/ports';
import type { ShownLetter } from '@/lib/domain/queues/shown-letter';
import { tenantHref } from '../../tenants/words';
import { DiscardForm, RedriveForm } from './message-forms';

/** One dead letter: what it asked for, why nobody could do it, and what can be done with it. */
export function DeadLetterItem({
  queue,
  letter: { id, subject, excerpt, reason, receives, sentAt, firstReceivedAt },
}: {
  readonly queue: WorkQueueName;
  readonly letter: ShownLetter;
}) {
  return (
    <li className="space-y-2 px-4 py-3 text-sm sm:px-6">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h4 className="min-w-0 font-medium [overflow-wrap:anywhere]">
          {subject ? subject.kind : 'A message that Annex does not know'}
          {subject?.tenantId ? (
            <>
              {' for '}
              <a href={tenantHref(subject.tenantId)} className="link">
                {subject.tenantId}
              </a>
            </>
          ) : null}
        </h4>
        {sentAt ? (
          <span className="text-muted">
            Sent <Instant at={sentAt} style="second" />
          </span>
        ) : null}
      </div>
      <p className="[overflow-wrap:anywhere]">
        {reason ?? 'No reason: no worker came to an end with it. See whether workers are killed or hang.'}
      </p>
      <p className="text-muted [overflow-wrap:anywhere]">
        {[
          receives === null ? null : `Received ${receives === 1 ? 'once' : `${receives} times`}`,
          ...Object.entries(subject?.ids ?? {}).map(([name, value]) => `${name} ${value}`),
          `message ${id}`,
        ]
          .filter((part) => part !== null)
          .join(' · ')}
        {firstReceivedAt ? (
          <>
            {' · first tried '}
            <Instant at={firstReceivedAt} style="second" />
          </>
        ) : null}
      </p>
      {excerpt === null ? null : (
        <p className="border border-line bg-page px-3 py-2 font-mono text-xs [overflow-wrap:anywhere]">
          {excerpt === '' ? '(empty)' : excerpt}
        </p>
      )}
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <RedriveForm queue={queue} messageId={id} />
        <DiscardForm queue={queue} messageId={id} />
      </div>
    </li>
  );
}
