import { type CsvColumn, csvLines } from '../csv';
import type { TenantPerson } from './ports';
import { standingOf } from './standing';

const columns = (now: Date): readonly CsvColumn<TenantPerson>[] => [
  { name: 'email', value: ({ email }) => email },
  { name: 'roles', value: ({ roles }) => roles.join(' ') },
  { name: 'state', value: (person) => standingOf(person, now) },
  { name: 'last_seen_at', value: ({ lastSeenAt }) => lastSeenAt },
  { name: 'invited_at', value: ({ invitedAt }) => invitedAt },
  { name: 'disabled_at', value: ({ disabledAt }) => disabledAt },
];

/** People as CSV, in the state that they have at `now`. */
export const peopleCsv = (people: AsyncIterable<TenantPerson>, now: Date): AsyncGenerator<string> =>
  csvLines(columns(now), people);
