import { formatDuration } from '@/components/format';
import type { Extract } from '@/lib/domain/extracts/ports';
import { isOpen, lengthOf } from '../../_components/words';

export interface Step {
  readonly title: string;
  readonly at: Date | null;
  readonly what: string;
  readonly phase: 'past' | 'present' | 'future' | 'failed';
}

/** The steps of an extract in order, as far as known. */
export function stepsOf(extract: Extract, now: Date): readonly Step[] {
  const { state, finishedAt, requestedAt, queuedAt, attempt } = extract;
  // Annex's own further attempts keep the time at which a person queued the extract.
  const isFirst = queuedAt.getTime() === requestedAt.getTime();
  const length = lengthOf(extract, now);
  return [
    {
      title: isFirst ? 'Submitted' : `Retried, attempt ${attempt}`,
      at: queuedAt,
      what: `By ${extract.requestedBy.name}`,
      phase: 'past',
    },
    runOf(extract),
    {
      title: endings[state],
      at: finishedAt,
      what:
        length === null
          ? 'The manifest is written last, once the file is complete'
          : `${finishedAt ? 'Took' : 'Elapsed:'} ${formatDuration(length)}`,
      phase: state === 'failed' ? 'failed' : finishedAt ? 'past' : 'future',
    },
  ];
}

/** A claimed extract has no run yet: only a run id from AWS proves one. */
function runOf(extract: Extract): Step {
  const { state, runId, startedAt, reason } = extract;
  if (runId !== null) {
    return {
      title: 'Run started',
      at: startedAt,
      what: 'A job waits for the replica to catch up, reads it and writes to your bucket',
      phase: isOpen(extract) ? 'present' : 'past',
    };
  }
  if (state === 'running') {
    return {
      title: 'Starting a run',
      at: null,
      what: 'Annex is requesting a job from AWS',
      phase: 'present',
    };
  }
  if (state === 'queued' && reason !== null) {
    return {
      title: 'Waiting for the replica',
      at: null,
      what: `${reason} Annex tries again by itself for up to a day`,
      phase: 'present',
    };
  }
  return {
    title: state === 'queued' ? 'Queued' : 'Not started',
    at: null,
    what: 'A few of your extracts run at a time; oldest first',
    phase: state === 'queued' ? 'present' : 'future',
  };
}

const endings: Readonly<Record<Extract['state'], string>> = {
  queued: 'File not written yet',
  running: 'File not written yet',
  done: 'File written',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
