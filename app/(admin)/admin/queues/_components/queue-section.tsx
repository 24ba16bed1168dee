import { type Fact, Facts } from '@/components/data/facts';
import { Unknown } from '@/components/data/table';
import { formatCount, formatDuration, formatUnits } from '@/components/format';
import { Notice } from '@/components/ui/notice';
import type { QueuesView, QueueView } from '@/lib/domain/queues/verbs/view-queues';
import { queueWords } from '../words';
import { DeadLetterItem } from './dead-letter';
import { RedriveAllForm } from './message-forms';

/** One queue: its depth and age, and its dead letters. */
export function QueueSection({
  view,
  ages,
}: {
  readonly view: QueueView;
  readonly ages: QueuesView['ages'];
}) {
  const { title, purpose } = queueWords[view.queue];
  return (
    <section aria-label={title} className="space-y-4">
      <div>
        <h2 className="text-lg">{title}</h2>
        <p className="mt-1 max-w-prose text-sm text-muted">{purpose}</p>
      </div>
      <Facts facts={factsOf(view, ages)} />
      <DeadLetters view={view} />
    </section>
  );
}

function factsOf({ queue, waiting, inFlight, delayed, dead }: QueueView, ages: QueuesView['ages']): Fact[] {
  const age = ages.state === 'read' ? ages.value[queue] : null;
  return [
    { name: 'Waiting', value: formatCount(waiting) },
    { name: 'In hand, or until the next try', value: formatCount(inFlight) },
    { name: 'For later', value: formatCount(delayed) },
    {
      name: 'Oldest message',
      value: age === null ? <Unknown why="No current value in CloudWatch" /> : formatDuration(age * 1000),
    },
    {
      name: 'Tries per message',
      value: dead ? `At most ${formatCount(dead.maxReceives)}` : 'No limit',
    },
    { name: 'Dead letters', value: dead ? formatCount(dead.count) : 'No queue for them' },
  ];
}

function DeadLetters({ view: { queue, dead, letters } }: { readonly view: QueueView }) {
  if (dead === null) {
    return (
      <Notice tone="warning" title="This queue has no dead-letter queue">
        What can never succeed is tried again for ever. Set a redrive policy in Amazon SQS.
      </Notice>
    );
  }
  if (letters.state === 'unreadable') {
    return (
      <Notice tone="failed" title="The dead letters could not be read">
        {letters.reason}
      </Notice>
    );
  }
  const shown = letters.state === 'read' ? letters.value : [];
  if (dead.count === 0 && shown.length === 0) return <p className="text-muted">No dead letters.</p>;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h3 className="font-medium">Dead letters</h3>
        <RedriveAllForm queue={queue} />
      </div>
      {shown.length < dead.count ? (
        <p className="max-w-prose text-sm text-muted">
          {formatUnits(shown.length, 'message')} of about {formatCount(dead.count)}: a sample of at most
          fifty. Others may be in somebody’s hand for a moment.
        </p>
      ) : null}
      {shown.length > 0 ? (
        <ul
          aria-label={`Dead letters of ${queueWords[queue].title}`}
          className="divide-y divide-line border border-l-2 border-line border-l-failed bg-plate"
        >
          {shown.map((letter) => (
            <DeadLetterItem key={letter.id} queue={queue} letter={letter} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}
