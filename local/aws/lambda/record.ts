import { AwsError, type StandIn } from '../core/service';

/** A statement of a function's policy: which service, and which of its resources, may invoke. */
export interface Permission {
  readonly sid: string;
  readonly action: string;
  /** A service, an account or the ARN of a role. */
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

/** What a function's owner chooses. */
export interface FunctionConfig {
  readonly handler: string;
  readonly role: string;
  readonly runtime: 'nodejs20.x' | 'nodejs22.x';
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memory: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly architecture: 'x86_64' | 'arm64';
  readonly logGroup: string;
}

export interface FunctionRecord extends FunctionConfig {
  readonly accountId: string;
  readonly name: string;
  /** Folder of the unpacked code, below that of all code. */
  readonly code: { readonly folder: string; readonly sha256: string; readonly bytes: number };
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** From when on it is `Active`, and its last update `Successful`; ms since the epoch. */
  readonly activeAt: number;
  readonly updatedBy: 'creation' | 'update';
  readonly revisionId: string;
  readonly permissions: readonly Permission[];
  /** Reserved concurrency; null: none. */
  readonly reserved: number | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Who made it, in CloudFormation's words; null: a caller of Lambda itself. */
  readonly owner: string | null;
}

const collection = 'lambda.functions';
const keyOf = (accountId: string, name: string): string => `${accountId}/${name}`;

/** The functions, as the state keeps them. */
export const functionStore = ({ state }: StandIn) => ({
  find: (accountId: string, name: string) => state.get<FunctionRecord>(collection, keyOf(accountId, name)),
  put: (record: FunctionRecord) => state.put(collection, keyOf(record.accountId, record.name), record),
  remove: ({ accountId, name }: FunctionRecord) => state.delete(collection, keyOf(accountId, name)),
  /** By name; without an account, those of all. */
  async list(accountId?: string): Promise<readonly FunctionRecord[]> {
    const prefix = accountId === undefined ? '' : `${accountId}/`;
    return (await state.list<FunctionRecord>(collection, { prefix })).map(([, record]) => record);
  },
});
export type FunctionStore = ReturnType<typeof functionStore>;

export const functionArn = ({ region }: StandIn, accountId: string, name: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;

/** `FunctionConfiguration`. */
export function configurationOf(standIn: StandIn, fn: FunctionRecord): Record<string, unknown> {
  const active = Date.now() >= fn.activeAt;
  const created = fn.updatedBy === 'creation';
  return {
    FunctionName: fn.name,
    FunctionArn: functionArn(standIn, fn.accountId, fn.name),
    Runtime: fn.runtime,
    Role: fn.role,
    Handler: fn.handler,
    CodeSize: fn.code.bytes,
    CodeSha256: fn.code.sha256,
    Description: fn.description,
    Timeout: fn.timeout,
    MemorySize: fn.memory,
    LastModified: fn.modifiedAt.replace('Z', '+0000'),
    Version: '$LATEST',
    ...(Object.keys(fn.variables).length > 0 ? { Environment: { Variables: fn.variables } } : {}),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: fn.revisionId,
    ...(active || !created
      ? { State: 'Active' }
      : { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' }),
    LastUpdateStatus: active || created ? 'Successful' : 'InProgress',
    PackageType: 'Zip',
    Architectures: [fn.architecture],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: 'Text', LogGroup: fn.logGroup },
  };
}

/** Throws ResourceNotFoundException, as Lambda does for a function that is not there. */
export function notFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}
