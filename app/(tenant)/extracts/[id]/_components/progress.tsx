import { formatDuration } from '@/components/format';
import { classNames } from '@/components/ui/class-names';
import { LocalTime } from '@/components/ui/local-time';
import type { Extract } from '@/lib/domain/extracts/ports';
import { lengthOf } from '../../_components/words';

interface Step {
  readonly title: string;
  readonly at: Date | null;
  readonly what: string;
  readonly look: 'past' | 'present' | 'future' | 'failed';
}

/** What has become of an extract so far, from the top down. */
export function Progress({ extract, now }: { readonly extract: Extract; readonly now: Date }) {
  return (
    <ol className="border border-line bg-plate px-5 py-4">
      {stepsOf(extract, now).map(({ title, at, what, look }) => (
        <li key={title} className="grid grid-cols-[1rem_minmax(0,1fr)] gap-x-4 py-1.5 text-sm">
          <span aria-hidden="true" className={classNames('mt-1.5 size-2.5 rounded-full', marks[look])} />
          <div className="flex flex-wrap justify-between gap-x-6">
            <div>
              <h3
                className={classNames(
                  look === 'future' && 'font-medium text-muted',
                  look === 'failed' && 'text-alarm',
                )}
              >
                {title}
              </h3>
              <p className="text-muted">{what}</p>
            </div>
            {at ? <LocalTime at={at.toISOString()} style="second" /> : null}
          </div>
        </li>
      ))}
    </ol>
  );
}

const marks: Readonly<Record<Step['look'], string>> = {
  past: 'bg-ink',
  present: 'pulse bg-mark',
  future: 'border border-edge',
  failed: 'bg-alarm',
};

function stepsOf(extract: Extract, now: Date): readonly Step[] {
  const { state, startedAt, finishedAt, requestedAt, queuedAt, attempt } = extract;
  const length = lengthOf(extract, now);
  return [
    {
      title: attempt === 1 ? 'Submitted' : `Retried, attempt ${attempt}`,
      at: attempt === 1 ? requestedAt : queuedAt,
      what: `By ${extract.requestedBy}`,
      look: 'past',
    },
    {
      title: startedAt ? 'Run started' : state === 'queued' ? 'Waits for a run' : 'Not started',
      at: startedAt,
      what: startedAt
        ? 'A job waits until the replica has caught up, reads it, and writes into your bucket'
        : 'A few of your extracts run at a time; the longest waiting goes first',
      look: startedAt
        ? state === 'running'
          ? 'present'
          : 'past'
        : state === 'queued'
          ? 'present'
          : 'future',
    },
    {
      title: endings[state],
      at: finishedAt,
      what:
        length === null
          ? 'The manifest is written last, when the file is whole'
          : `${finishedAt ? 'Took' : 'So far'} ${formatDuration(length)}`,
      look: state === 'failed' ? 'failed' : finishedAt ? 'past' : 'future',
    },
  ];
}

const endings: Readonly<Record<Extract['state'], string>> = {
  queued: 'File written',
  running: 'File written',
  done: 'File written',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
