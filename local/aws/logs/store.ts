import { AwsError, type StandIn } from '../core/service';
import { optionalText } from '../wire/rpc-input';

export interface LogGroup {
  readonly accountId: string;
  readonly name: string;
  /** Ms since the epoch. */
  readonly createdAt: number;
  /** Days; null: for ever. */
  readonly retention: number | null;
  /** Who made it, in CloudFormation's words. */
  readonly owner: string | null;
}

/** One event of a stream, in the order in which they were put. */
export interface LogEvent {
  /** Ms since the epoch. */
  readonly timestamp: number;
  readonly message: string;
  readonly ingestedAt: number;
}

const groups = 'logs.groups';
const streams = 'logs.streams';
const events = 'logs.events';

const groupKey = (accountId: string, name: string): string => `${accountId}/${encodeURIComponent(name)}`;
const streamKey = (group: LogGroup, stream: string): string =>
  `${groupKey(group.accountId, group.name)}/${encodeURIComponent(stream)}`;

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly ingestedAt: number | null;
  /** How many events were put. */
  readonly count: number;
}

/** Log groups with their streams and events. */
export const logStore = ({ state }: StandIn) => {
  const eventsOf = async (group: LogGroup, stream: string) =>
    (await state.list<readonly LogEvent[]>(events, { prefix: `${streamKey(group, stream)}/` })).flatMap(
      ([key, batch]) =>
        batch.map((event, at) => ({ ...event, id: `${key.slice(key.lastIndexOf('/') + 1)}.${at}` })),
    );
  const streamsOf = async (group: LogGroup) =>
    (await state.list<LogStream>(streams, { prefix: `${groupKey(group.accountId, group.name)}/` })).map(
      ([, stream]) => stream,
    );
  return {
    group: (accountId: string, name: string) => state.get<LogGroup>(groups, groupKey(accountId, name)),
    putGroup: (group: LogGroup) => state.put(groups, groupKey(group.accountId, group.name), group),
    async groups(accountId: string, prefix: string): Promise<readonly LogGroup[]> {
      const all = await state.list<LogGroup>(groups, { prefix: `${accountId}/` });
      return all.map(([, group]) => group).filter(({ name }) => name.startsWith(prefix));
    },
    async removeGroup(group: LogGroup): Promise<void> {
      const prefix = `${groupKey(group.accountId, group.name)}/`;
      for (const [key] of await state.list(events, { prefix })) await state.delete(events, key);
      for (const [key] of await state.list(streams, { prefix })) await state.delete(streams, key);
      await state.delete(groups, groupKey(group.accountId, group.name));
    },
    stream: (group: LogGroup, name: string) => state.get<LogStream>(streams, streamKey(group, name)),
    streamsOf,
    putStream: (group: LogGroup, stream: LogStream) =>
      state.put(streams, streamKey(group, stream.name), stream),
    /** Adds to a stream that is there. */
    async append(
      group: LogGroup,
      stream: LogStream,
      added: readonly Omit<LogEvent, 'ingestedAt'>[],
    ): Promise<void> {
      const now = Date.now();
      const key = `${streamKey(group, stream.name)}/${String(stream.count).padStart(12, '0')}`;
      await state.put<readonly LogEvent[]>(
        events,
        key,
        added.map((event) => ({ ...event, ingestedAt: now })),
      );
      await state.put<LogStream>(streams, streamKey(group, stream.name), {
        ...stream,
        count: stream.count + added.length,
        first: stream.first ?? added[0]?.timestamp ?? null,
        last: added.at(-1)?.timestamp ?? stream.last,
        ingestedAt: now,
      });
    },
    eventsOf,
  };
};
export type LogStore = ReturnType<typeof logStore>;

export const groupArn = ({ region }: StandIn, accountId: string, name: string): string =>
  `arn:aws:logs:${region}:${accountId}:log-group:${name}`;

/** Throws ResourceNotFoundException. */
export const missing = (what: 'group' | 'stream'): AwsError =>
  new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`);

/** Throws InvalidParameterException. */
export function groupNameOf(input: Readonly<Record<string, unknown>>): string {
  const name = optionalText(input, 'logGroupName') ?? '';
  if (/^[\w\-./#]{1,512}$/.test(name)) return name;
  throw new AwsError(
    'InvalidParameterException',
    `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
  );
}
