import type { Reading } from '@/components/live/reading';
import type { Tone } from '@/components/ui/tones';
import type { ListedEndpoint } from '@/lib/domain/models/verbs/list-endpoints';

/** SageMaker's statuses for an endpoint that is changing. */
const moving = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

const statusWords: Readonly<Record<string, string>> = {
  InService: 'In service',
  OutOfService: 'Out of service',
  SystemUpdating: 'Updating',
  RollingBack: 'Rolling back',
  UpdateRollbackFailed: 'Failed',
};

/** An endpoint's status as the page calls it. */
export const statusOf = ({ status }: Pick<ListedEndpoint, 'status'>): string => statusWords[status] ?? status;

const settledTones: Readonly<Record<string, Tone>> = {
  InService: 'done',
  OutOfService: 'warning',
  Failed: 'failed',
  UpdateRollbackFailed: 'failed',
};

/** What an endpoint's status means to the reader. */
export const toneOf = ({ status }: Pick<ListedEndpoint, 'status'>): Tone =>
  moving.has(status) ? 'running' : (settledTones[status] ?? 'neutral');

/** The endpoints of one page as they stood at `now`. */
export function endpointsReading(endpoints: readonly ListedEndpoint[], now: Date): Reading {
  return {
    at: now.toISOString(),
    underWay: endpoints.some(({ status }) => moving.has(status)),
    mark: JSON.stringify(endpoints.map(({ name, status, changedAt }) => [name, status, changedAt])),
    words: endpoints.map((endpoint) => `${endpoint.name}: ${statusOf(endpoint)}`).join('; '),
  };
}
