import { formatDuration } from '@/components/format';
import type { Tone } from '@/components/ui/tones';
import type { Extract } from '@/lib/domain/extracts/ports';
import { isOpen, lengthOf } from '../../_components/words';

export interface Step {
  readonly title: string;
  readonly at: Date | null;
  readonly what: string;
  readonly tone: Tone;
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
      tone: 'done',
    },
    runOf(extract),
    {
      title: endings[state],
      at: finishedAt,
      what:
        length === null
          ? 'The manifest is written last, once the file is complete'
          : `${finishedAt ? 'Took' : 'Elapsed:'} ${formatDuration(length)}`,
      tone: state === 'failed' || state === 'done' ? state : 'neutral',
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
      tone: isOpen(extract) ? 'running' : 'done',
    };
  }
  if (state === 'running') {
    return {
      title: 'Starting a run',
      at: null,
      what: 'Annex is requesting a job from AWS',
      tone: 'running',
    };
  }
  if (state === 'queued' && reason !== null) {
    return {
      title: 'Waiting for the replica',
      at: null,
      what: `${reason} Annex retries automatically for up to a day`,
      tone: 'warning',
    };
  }
  return {
    title: state === 'queued' ? 'Queued' : 'Not started',
    at: null,
    what: 'A few of your extracts run at a time; oldest first',
    tone: 'neutral',
  };
}

const endings: Readonly<Record<Extract['state'], string>> = {
  queued: 'File not written yet',
  running: 'File not written yet',
  done: 'File written',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
