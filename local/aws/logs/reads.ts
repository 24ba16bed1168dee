import { AwsError, type Operation, type StandIn } from '../core/service';
import { optionalText, optionalWhole, texts } from '../wire/rpc-input';
import { pageOf } from '../wire/rpc-page';
import { groupArn, groupNameOf, type LogEvent, type LogGroup, type LogStore, missing } from './store';

type Input = Record<string, unknown>;

const badToken = (): AwsError =>
  new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');

/** Operations that read groups, streams and events. */
export function logReads(standIn: StandIn, store: LogStore): Readonly<Record<string, Operation>> {
  const authorized = async (
    input: Input,
    caller: Parameters<Operation>[1],
    action: string,
    suffix = '',
  ): Promise<LogGroup> => {
    const name = groupNameOf(input);
    standIn.authorize(caller, `logs:${action}`, `${groupArn(standIn, caller.accountId, name)}${suffix}`);
    const group = await store.group(caller.accountId, name);
    if (!group) throw missing('group');
    return group;
  };

  return {
    async DescribeLogGroups(input, caller) {
      const arn = `arn:aws:logs:${standIn.region}:${caller.accountId}:log-group::log-stream:`;
      standIn.authorize(caller, 'logs:DescribeLogGroups', arn);
      const all = await store.groups(caller.accountId, optionalText(input, 'logGroupNamePrefix') ?? '');
      const page = pageOf(
        all,
        ({ name }) => name,
        optionalText(input, 'nextToken'),
        sizeOf(input, 50),
        badToken,
      );
      return {
        logGroups: page.items.map(({ name, createdAt, retention }) => ({
          logGroupName: name,
          creationTime: createdAt,
          retentionInDays: retention ?? undefined,
          arn: `${groupArn(standIn, caller.accountId, name)}:*`,
          logGroupArn: groupArn(standIn, caller.accountId, name),
        })),
        nextToken: page.next,
      };
    },
    async DescribeLogStreams(input, caller) {
      const group = await authorized(input, caller, 'DescribeLogStreams');
      const prefix = optionalText(input, 'logStreamNamePrefix') ?? '';
      const all = (await store.streamsOf(group)).filter(({ name }) => name.startsWith(prefix));
      if (input.orderBy === 'LastEventTime') all.sort((a, b) => (a.last ?? 0) - (b.last ?? 0));
      if (input.descending === true) all.reverse();
      const page = pageOf(
        all,
        ({ name }) => name,
        optionalText(input, 'nextToken'),
        sizeOf(input, 50),
        badToken,
      );
      return {
        logStreams: page.items.map((stream) => ({
          logStreamName: stream.name,
          creationTime: stream.createdAt,
          firstEventTimestamp: stream.first ?? undefined,
          lastEventTimestamp: stream.last ?? undefined,
          lastIngestionTime: stream.ingestedAt ?? undefined,
          arn: `${groupArn(standIn, group.accountId, group.name)}:log-stream:${stream.name}`,
        })),
        nextToken: page.next,
      };
    },
    async GetLogEvents(input, caller) {
      const name = optionalText(input, 'logStreamName') ?? '';
      const group = await authorized(input, caller, 'GetLogEvents', `:log-stream:${name}`);
      if (!(await store.stream(group, name))) throw missing('stream');
      const all = within(input, await store.eventsOf(group, name));
      const token = /^f\/(\d{1,12})$/.exec(optionalText(input, 'nextToken') ?? 'f/0');
      if (!token) throw badToken();
      const limit = sizeOf(input, 10_000);
      const fromHead = input.startFromHead === true || input.nextToken !== undefined;
      const start = fromHead ? Number(token[1]) : Math.max(0, all.length - limit);
      const events = all.slice(start, start + limit);
      return {
        events: events.map(({ timestamp, message, ingestedAt }) => ({
          timestamp,
          message,
          ingestionTime: ingestedAt,
        })),
        nextForwardToken: `f/${start + events.length}`,
        nextBackwardToken: `f/${start}`,
      };
    },
    async FilterLogEvents(input, caller) {
      const group = await authorized(input, caller, 'FilterLogEvents');
      const matches = matcher(optionalText(input, 'filterPattern') ?? '');
      const named = texts(input, 'logStreamNames');
      const prefix = optionalText(input, 'logStreamNamePrefix') ?? '';
      const streams = (await store.streamsOf(group)).filter(
        ({ name }) => name.startsWith(prefix) && (named.length === 0 || named.includes(name)),
      );
      const all = await Promise.all(
        streams.map(async ({ name }) =>
          within(input, await store.eventsOf(group, name)).map((event) => ({ ...event, stream: name })),
        ),
      );
      const found = all.flat().filter(({ message }) => matches(message));
      found.sort((a, b) => a.timestamp - b.timestamp);
      const keyOf = (event: (typeof found)[number]) => `${event.stream}/${event.id}`;
      const page = pageOf(found, keyOf, optionalText(input, 'nextToken'), sizeOf(input, 10_000), badToken);
      return {
        events: page.items.map((event) => ({
          logStreamName: event.stream,
          timestamp: event.timestamp,
          message: event.message,
          ingestionTime: event.ingestedAt,
          eventId: Buffer.from(keyOf(event)).toString('hex'),
        })),
        searchedLogStreams: [],
        nextToken: page.next,
      };
    },
  };
}

function sizeOf(input: Input, max: number): number {
  const limit = optionalWhole(input, 'limit') ?? max;
  if (limit >= 1 && limit <= max) return limit;
  throw new AwsError('InvalidParameterException', `limit must be from 1 to ${max}.`);
}

function within<E extends LogEvent>(input: Input, all: readonly E[]): readonly E[] {
  const start = optionalWhole(input, 'startTime') ?? 0;
  const end = optionalWhole(input, 'endTime') ?? Number.POSITIVE_INFINITY;
  return all.filter(({ timestamp }) => timestamp >= start && timestamp <= end);
}

/** Filter patterns of words, all of which must be there; those of fields are not here. */
function matcher(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw new AwsError('InvalidParameterException', 'Only filter patterns of words are here.');
  const words = [...pattern.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  return (message) => words.every((word) => message.includes(word));
}
