import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type Caller, type Operation, type RpcService, type StandIn } from '../core/service';
import type { LogGroups } from '../core/services';
import { optionalWhole } from '../wire/rpc-input';
import { logReads } from './reads';
import { groupArn, groupNameOf, type LogGroup, logStore, missing } from './store';

type Input = Record<string, unknown>;

const retentions = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** CloudWatch Logs: groups, and what functions wrote. Nothing is deleted after the retention. Also `LogGroups`. */
export function createLogs(standIn: StandIn): RpcService & LogGroups {
  const store = logStore(standIn);
  const withLock = createKeyedMutex();
  const found = async (accountId: string, name: string): Promise<LogGroup> => {
    const group = await store.group(accountId, name);
    if (!group) throw missing('group');
    return group;
  };

  async function createGroup(caller: Caller, name: string, owner: string | null): Promise<void> {
    standIn.authorize(caller, 'logs:CreateLogGroup', groupArn(standIn, caller.accountId, name));
    await withLock(name, async () => {
      const existing = await store.group(caller.accountId, name);
      if (existing && owner !== null && existing.owner === owner) return;
      if (existing)
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      await store.putGroup({
        accountId: caller.accountId,
        name,
        createdAt: Date.now(),
        retention: null,
        owner,
      });
    });
  }

  async function retain(caller: Caller, name: string, days: number | null): Promise<void> {
    const action = days === null ? 'DeleteRetentionPolicy' : 'PutRetentionPolicy';
    standIn.authorize(caller, `logs:${action}`, groupArn(standIn, caller.accountId, name));
    if (days !== null && !retentions.has(days))
      throw new AwsError('InvalidParameterException', `retentionInDays cannot be ${days}.`);
    await store.putGroup({ ...(await found(caller.accountId, name)), retention: days });
  }

  async function deleteGroup(caller: Caller, name: string): Promise<void> {
    standIn.authorize(caller, 'logs:DeleteLogGroup', groupArn(standIn, caller.accountId, name));
    await store.removeGroup(await found(caller.accountId, name));
  }

  const onGroup =
    (run: (caller: Caller, name: string, input: Input) => Promise<void>): Operation =>
    async (input, caller) => {
      await run(caller, groupNameOf(input), input);
      return {};
    };

  return {
    name: 'logs',
    protocol: 'json-1.1',
    operations: {
      ...logReads(standIn, store),
      CreateLogGroup: onGroup((caller, name) => createGroup(caller, name, null)),
      DeleteLogGroup: onGroup(deleteGroup),
      PutRetentionPolicy: onGroup((caller, name, input) =>
        retain(caller, name, optionalWhole(input, 'retentionInDays') ?? 0),
      ),
      DeleteRetentionPolicy: onGroup((caller, name) => retain(caller, name, null)),
    },
    async ensureGroup(caller, name, retention, owner) {
      await createGroup(caller, groupNameOf({ logGroupName: name }), owner);
      await retain(caller, name, retention);
    },
    deleteGroup,
    async write(caller, name, streamName, lines) {
      const { accountId } = caller;
      const arn = `${groupArn(standIn, accountId, name)}:log-stream:${streamName}`;
      await withLock(`${accountId}/${name}`, async () => {
        if (!(await store.group(accountId, name))) await createGroup(caller, name, null);
        const group = await found(accountId, name);
        let stream = await store.stream(group, streamName);
        if (!stream) {
          standIn.authorize(caller, 'logs:CreateLogStream', arn);
          const empty = { first: null, last: null, ingestedAt: null, count: 0 };
          stream = { ...empty, name: streamName, createdAt: Date.now() };
        }
        standIn.authorize(caller, 'logs:PutLogEvents', arn);
        await store.append(
          group,
          stream,
          lines.map(({ at, message }) => ({ timestamp: at, message })),
        );
      });
    },
  };
}
