import { randomUUID } from 'node:crypto';
import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type Caller, type StandIn } from '../core/service';
import { optionalText, optionalWhole, structure } from '../wire/rpc-input';
import { pageOf } from '../wire/rpc-page';
import type { CodeStore } from './code';
import { type Environments, lambdaPrincipal } from './environments';
import { configOf, invalid, required, tagsOf } from './input';
import { permissionOf, policyOf, statementOf } from './permissions';
import { configurationOf, type FunctionRecord, type FunctionStore, functionArn, notFound } from './record';

type Input = Record<string, unknown>;

/** An operation on functions. `owner` names who makes a function in the caller's name; see `Functions.call`. */
export type FunctionOperation = (input: Input, caller: Caller, owner?: string) => Promise<object>;

export interface FunctionDeps {
  readonly standIn: StandIn;
  readonly functions: FunctionStore;
  readonly code: CodeStore;
  readonly environments: Environments;
}

/** The name in `FunctionName`, which may be an ARN. Throws ValidationException, and of another account ResourceNotFoundException. */
export function nameOf(standIn: StandIn, input: Input, caller: Caller): string {
  const given = required(input, 'FunctionName');
  const [, account, name = '', qualifier] =
    /^(?:arn:aws:lambda:[a-z0-9-]+:)?(?:(\d{12}):)?(?:function:)?([\w-]{1,64})(?::(\$LATEST|[\w-]+))?$/.exec(
      given,
    ) ?? [];
  if (name === '')
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${given}' at 'functionName' failed to satisfy constraint: Member must be the name of a function, or its ARN`,
    );
  const other = qualifier ?? optionalText(input, 'Qualifier') ?? '$LATEST';
  if ((account !== undefined && account !== caller.accountId) || other !== '$LATEST')
    throw notFound(
      `${functionArn(standIn, account ?? caller.accountId, name)}${other === '$LATEST' ? '' : `:${other}`}`,
    );
  return name;
}

/** The operations on functions, by name. What changes one function happens one after the other. */
export function functionOperations(deps: FunctionDeps): Readonly<Record<string, FunctionOperation>> {
  const { standIn, functions, code, environments } = deps;
  const withLock = createKeyedMutex();

  const authorized = (input: Input, caller: Caller, action: string): string => {
    const name = nameOf(standIn, input, caller);
    standIn.authorize(caller, `lambda:${action}`, functionArn(standIn, caller.accountId, name));
    return name;
  };
  const find = async (caller: Caller, name: string): Promise<FunctionRecord> => {
    const found = await functions.find(caller.accountId, name);
    if (found) return found;
    throw notFound(functionArn(standIn, caller.accountId, name));
  };
  /** Changes a function as `change` says, which may throw. */
  const changing =
    (
      action: string,
      change: (fn: FunctionRecord, input: Input, caller: Caller) => Promise<FunctionRecord>,
      view: (fn: FunctionRecord, input: Input) => object = (fn) => configurationOf(standIn, fn),
    ): FunctionOperation =>
    (input, caller) => {
      const name = authorized(input, caller, action);
      return withLock(`${caller.accountId}/${name}`, async () => {
        const changed = await change(await find(caller, name), input, caller);
        await functions.put(changed);
        return view(changed, input);
      });
    };
  const reading =
    (action: string, view: (fn: FunctionRecord) => object): FunctionOperation =>
    async (input, caller) =>
      view(await find(caller, authorized(input, caller, action)));

  const create: FunctionOperation = (input, caller, owner) => {
    const name = authorized(input, caller, 'CreateFunction');
    return withLock(`${caller.accountId}/${name}`, async () => {
      const existing = await functions.find(caller.accountId, name);
      // Asked again after a stop, by who made it.
      if (existing && owner !== undefined && existing.owner === owner)
        return configurationOf(standIn, existing);
      if (existing)
        throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, {
          Type: 'User',
        });
      const config = configOf(input, name, null);
      checkRole(standIn, caller, config.role);
      const fn: FunctionRecord = {
        ...config,
        ...revised(standIn),
        accountId: caller.accountId,
        name,
        code: await code.take(structure(input, 'Code'), caller),
        updatedBy: 'creation',
        permissions: [],
        reserved: null,
        tags: tagsOf(input),
        owner: owner ?? null,
      };
      await functions.put(fn);
      return configurationOf(standIn, fn);
    });
  };

  return {
    CreateFunction: create,
    GetFunction: reading('GetFunction', (fn) => ({
      Configuration: configurationOf(standIn, fn),
      Code: { RepositoryType: 'S3' },
      ...(Object.keys(fn.tags).length > 0 ? { Tags: fn.tags } : {}),
      ...(fn.reserved === null ? {} : { Concurrency: { ReservedConcurrentExecutions: fn.reserved } }),
    })),
    GetFunctionConfiguration: reading('GetFunctionConfiguration', (fn) => configurationOf(standIn, fn)),
    UpdateFunctionCode: changing('UpdateFunctionCode', async (fn, input, caller) => {
      const taken = await code.take(input, caller);
      const changed = { ...fn, ...revised(standIn), code: taken, updatedBy: 'update' as const };
      if (input.DryRun === true) {
        await code.remove(taken);
        return fn;
      }
      await functions.put(changed);
      await environments.retire(fn);
      // Invocations that run keep what they have loaded.
      if (environments.running(fn) === 0) await code.remove(fn.code);
      return changed;
    }),
    UpdateFunctionConfiguration: changing('UpdateFunctionConfiguration', async (fn, input, caller) => {
      const config = configOf(input, fn.name, fn);
      if (config.role !== fn.role) checkRole(standIn, caller, config.role);
      await environments.retire(fn);
      return { ...fn, ...config, ...revised(standIn), updatedBy: 'update' };
    }),
    DeleteFunction: (input, caller) => {
      const name = authorized(input, caller, 'DeleteFunction');
      return withLock(`${caller.accountId}/${name}`, async () => {
        const fn = await find(caller, name);
        await functions.remove(fn);
        await environments.retire(fn);
        await code.remove(fn.code);
        return {};
      });
    },
    async ListFunctions(input, caller) {
      standIn.authorize(caller, 'lambda:ListFunctions', '*');
      const size = Math.min(optionalWhole(input, 'MaxItems') ?? 50, 50);
      const all = await functions.list(caller.accountId);
      const page = pageOf(
        all,
        ({ name }) => name,
        optionalText(input, 'Marker'),
        size,
        () => invalid('Invalid marker'),
      );
      return { Functions: page.items.map((fn) => configurationOf(standIn, fn)), NextMarker: page.next };
    },
    AddPermission: changing(
      'AddPermission',
      async (fn, input) => ({ ...fn, permissions: [...fn.permissions, permissionOf(input, fn)] }),
      (fn) => ({
        Statement: JSON.stringify(fn.permissions.slice(-1).map((each) => statementOf(standIn, fn, each))[0]),
      }),
    ),
    RemovePermission: changing(
      'RemovePermission',
      async (fn, input) => {
        const sid = required(input, 'StatementId');
        if (!fn.permissions.some((each) => each.sid === sid))
          throw new AwsError(
            'ResourceNotFoundException',
            `Statement ${sid} is not found in resource policy.`,
            404,
          );
        return { ...fn, permissions: fn.permissions.filter((each) => each.sid !== sid) };
      },
      () => ({}),
    ),
    GetPolicy: reading('GetPolicy', (fn) => policyOf(standIn, fn)),
    PutFunctionConcurrency: changing(
      'PutFunctionConcurrency',
      async (fn, input) => ({ ...fn, reserved: await reservedOf(functions, fn, input) }),
      (fn) => ({ ReservedConcurrentExecutions: fn.reserved }),
    ),
    GetFunctionConcurrency: reading('GetFunctionConcurrency', ({ reserved }) =>
      reserved === null ? {} : { ReservedConcurrentExecutions: reserved },
    ),
    DeleteFunctionConcurrency: changing(
      'DeleteFunctionConcurrency',
      async (fn) => ({ ...fn, reserved: null }),
      () => ({}),
    ),
  };
}

const revised = (standIn: StandIn) => ({
  modifiedAt: new Date().toISOString(),
  activeAt: Date.now() + standIn.stepMs,
  revisionId: randomUUID(),
});

/** Authorizes `iam:PassRole` and looks at the role's trust, as Lambda does before it takes a role. */
function checkRole(standIn: StandIn, caller: Caller, role: string): void {
  standIn.authorize(caller, 'iam:PassRole', role, { 'iam:PassedToService': lambdaPrincipal });
  if (!standIn.services.sts.trusts(lambdaPrincipal, role))
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
}

/** An account keeps 100 of its 1,000 for the functions without a reservation. */
async function reservedOf(functions: FunctionStore, fn: FunctionRecord, input: Input): Promise<number> {
  const asked = optionalWhole(input, 'ReservedConcurrentExecutions');
  if (asked === undefined || asked < 0) throw invalid('ReservedConcurrentExecutions must be 0 or more.');
  const others = (await functions.list(fn.accountId)).filter(({ name }) => name !== fn.name);
  if (others.reduce((sum, { reserved }) => sum + (reserved ?? 0), asked) <= 900) return asked;
  throw invalid(
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
}
