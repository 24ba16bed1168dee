import { randomUUID } from 'node:crypto';
import { createDurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structures, texts } from '@/local/aws/wire/rpc-input';
import { capabilitiesOf, changesOf, outputsDiffer } from './changes';
import { creationOrder } from './intrinsics';
import { parameterValues } from './parameters';
import { readOperations } from './read-operations';
import {
  type Blueprint,
  type ChangeSetRecord,
  type StackRecord,
  type StackWork,
  stackStore,
} from './records';
import { step } from './run';
import { invalid, parseTemplate } from './template';
import { templateAt } from './template-at';
import { changeSetView } from './views';

type Input = Readonly<Record<string, unknown>>;

/** Ordinary stacks in any account. */
export interface Stacks {
  readonly operations: Readonly<Record<string, Operation>>;
  start(): Promise<void>;
}

const updatable = /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE)$/;

/** Makes stacks, each step of which survives a restart. */
export function createStacks(standIn: StandIn): Stacks {
  const store = stackStore(standIn);
  const withLock = createKeyedMutex();
  const timers = createDurableTimers<{ step: { readonly stackId: string } }>(
    standIn,
    'cloudformation.stack-steps',
    {
      step: async ({ stackId }) =>
        (await withLock(stackId, () => step(standIn, store, stackId))) ? standIn.stepMs : undefined,
    },
  );
  const begin = (stackId: string) => timers.schedule('step', stackId, 0, { stackId });

  const arnOf = (accountId: string, name: string): string =>
    `arn:aws:cloudformation:${standIn.region}:${accountId}:stack/${name}/*`;

  /** The stack by name or id; deleted ones by id alone. */
  async function lookUp(caller: Caller, given: string): Promise<StackRecord | undefined> {
    const all = await store.list(caller.accountId);
    return all.find(
      ({ stackId, name, deletedAt }) => stackId === given || (name === given && deletedAt === null),
    );
  }
  async function found(input: Input, caller: Caller, action: string): Promise<StackRecord> {
    const given = needed(input, 'StackName');
    const stack = await lookUp(caller, given);
    const name = stack?.name ?? /:stack\/([^/]+)\//.exec(given)?.[1] ?? given;
    standIn.authorize(caller, `cloudformation:${action}`, arnOf(caller.accountId, name));
    if (stack) return stack;
    throw invalid(`Stack with id ${given} does not exist`);
  }

  async function templateIn(input: Input, caller: Caller, before: string | null): Promise<string> {
    const body = optionalText(input, 'TemplateBody');
    const url = optionalText(input, 'TemplateURL');
    if (body !== undefined) return body;
    if (url !== undefined) return templateAt(standIn, caller, url);
    if (String(input.UsePreviousTemplate) === 'true' && before !== null) return before;
    throw invalid('Either Template URL or Template Body must be specified.');
  }

  async function blueprintOf(input: Input, caller: Caller, before: StackRecord | null): Promise<Blueprint> {
    const text = await templateIn(input, caller, before?.template ?? null);
    const template = parseTemplate(text);
    creationOrder(template);
    const capabilities = texts(input, 'Capabilities');
    const missing = capabilitiesOf(template).filter(
      (each) => !capabilities.includes(each) && !capabilities.includes('CAPABILITY_NAMED_IAM'),
    );
    if (missing.length > 0)
      throw new AwsError(
        'InsufficientCapabilitiesException',
        `Requires capabilities : [${missing.join(', ')}]`,
      );
    const tags = structures(input, 'Tags').map(
      (tag) => [needed(tag, 'Key'), optionalText(tag, 'Value') ?? ''] as const,
    );
    const same = input.Tags === undefined || input.Tags === '';
    return {
      template: text,
      parameters: parameterValues(template, input, before?.parameters ?? {}),
      tags: same && before ? before.tags : Object.fromEntries(tags),
      capabilities,
    };
  }

  async function newStack(caller: Caller, name: string, blueprint: Blueprint): Promise<StackRecord> {
    if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
      throw invalid(`Value '${name}' at 'stackName' failed to satisfy constraint: [a-zA-Z][-a-zA-Z0-9]*`);
    const existing = await lookUp(caller, name);
    if (existing && existing.status !== 'REVIEW_IN_PROGRESS')
      throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    if (existing) return existing;
    const stack: StackRecord = {
      ...blueprint,
      stackId: `arn:aws:cloudformation:${standIn.region}:${caller.accountId}:stack/${name}/${randomUUID()}`,
      name,
      accountId: caller.accountId,
      status: 'REVIEW_IN_PROGRESS',
      reason: null,
      createdAt: new Date().toISOString(),
      updatedAt: null,
      deletedAt: null,
      outputs: [],
      resources: {},
      work: null,
      events: 0,
    };
    await store.put(stack);
    return stack;
  }

  /** Sets a stack to work. */
  async function work(
    stack: StackRecord,
    caller: Caller,
    action: StackWork['action'],
    target: Blueprint,
  ): Promise<void> {
    const { template, parameters, tags, capabilities } = stack;
    const status = `${action}_IN_PROGRESS`;
    const begun: StackRecord = {
      ...stack,
      ...(action === 'CREATE' ? target : {}),
      status,
      reason: 'User Initiated',
      updatedAt: action === 'UPDATE' ? new Date().toISOString() : stack.updatedAt,
      events: stack.events + 1,
      work: {
        action,
        phase: 'forward',
        caller,
        target,
        before: action === 'UPDATE' ? { template, parameters, tags, capabilities } : null,
        beforeResources: stack.resources,
        done: [],
        garbage: [],
        failed: [],
        reason: null,
      },
    };
    await store.put(begun);
    const event = {
      logicalId: stack.name,
      physicalId: stack.stackId,
      type: 'AWS::CloudFormation::Stack',
      status,
    };
    await store.putEvent(stack, stack.events, {
      ...event,
      id: randomUUID(),
      at: new Date().toISOString(),
      reason: 'User Initiated',
    });
    await begin(stack.stackId);
  }

  function checkIdle(stack: StackRecord): void {
    if (updatable.test(stack.status)) return;
    throw invalid(`Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`);
  }

  function checkRollback(input: Input): void {
    const { DisableRollback: disabled, RoleARN: role, OnFailure: onFailure = 'ROLLBACK' } = input;
    if (String(disabled) === 'true' || onFailure !== 'ROLLBACK')
      throw invalid('What fails is rolled back here.');
    if (role !== undefined)
      throw invalid('RoleARN is not supported here: stacks work with the caller’s rights.');
  }

  const createChangeSet: Operation = async (input, caller) => {
    const given = needed(input, 'StackName');
    const name = needed(input, 'ChangeSetName');
    checkRollback(input);
    standIn.authorize(caller, 'cloudformation:CreateChangeSet', arnOf(caller.accountId, nameIn(given)));
    const type = optionalText(input, 'ChangeSetType') ?? 'UPDATE';
    if (type !== 'CREATE' && type !== 'UPDATE') throw invalid(`ChangeSetType ${type} is not supported here.`);
    return withLock(`${caller.accountId}/${nameIn(given)}`, async () => {
      const existing = (await lookUp(caller, given)) ?? null;
      if (type === 'UPDATE' && !existing) throw invalid(`Stack [${given}] does not exist`);
      if (type === 'UPDATE' && existing) checkIdle(existing);
      const blueprint = await blueprintOf(input, caller, type === 'UPDATE' ? existing : null);
      const stack = type === 'CREATE' ? await newStack(caller, given, blueprint) : existing;
      if (!stack) throw invalid(`Stack [${given}] does not exist`);
      if ((await store.changeSets(stack.stackId)).some((set) => set.name === name))
        throw new AwsError(
          'AlreadyExistsException',
          `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Name`,
        );
      const changes = changesOf(standIn, stack, blueprint);
      const same = type === 'UPDATE' && changes.length === 0 && !outputsDiffer(stack, blueprint);
      const set: ChangeSetRecord = {
        id: `arn:aws:cloudformation:${standIn.region}:${caller.accountId}:changeSet/${name}/${randomUUID()}`,
        name,
        stackId: stack.stackId,
        type,
        description: optionalText(input, 'Description') ?? null,
        createdAt: new Date().toISOString(),
        blueprint,
        changes,
        reason: same
          ? "The submitted information didn't contain changes. Submit different information to create a change set."
          : null,
        executed: false,
      };
      await store.putChangeSet(set);
      return { Id: set.id, StackId: stack.stackId };
    });
  };

  async function foundSet(input: Input, caller: Caller, action: string) {
    const given = needed(input, 'ChangeSetName');
    const name = optionalText(input, 'StackName');
    const all =
      name === undefined ? await store.list(caller.accountId) : [await found(input, caller, action)];
    for (const stack of all) {
      const set = (await store.changeSets(stack.stackId)).find(
        (each) => each.id === given || each.name === given,
      );
      if (!set) continue;
      standIn.authorize(caller, `cloudformation:${action}`, arnOf(caller.accountId, stack.name));
      return { set, stack };
    }
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${given}] does not exist`, 404);
  }

  return {
    start: timers.start,
    operations: {
      CreateChangeSet: createChangeSet,
      async DescribeChangeSet(input, caller) {
        const { set, stack } = await foundSet(input, caller, 'DescribeChangeSet');
        return changeSetView(set, stack, parseTemplate(set.blueprint.template));
      },
      async DeleteChangeSet(input, caller) {
        const { set } = await foundSet(input, caller, 'DeleteChangeSet');
        await store.removeChangeSet(set);
        return {};
      },
      async ExecuteChangeSet(input, caller) {
        checkRollback(input);
        const { set, stack } = await foundSet(input, caller, 'ExecuteChangeSet');
        return withLock(stack.stackId, async () => {
          const now = (await store.byId(stack.stackId)) ?? stack;
          if (set.reason !== null || set.executed)
            throw new AwsError(
              'InvalidChangeSetStatus',
              `ChangeSet [${set.id}] cannot be executed in its current status`,
            );
          if (set.type === 'UPDATE') checkIdle(now);
          else if (now.status !== 'REVIEW_IN_PROGRESS')
            throw new AwsError('AlreadyExistsException', `Stack [${now.name}] already exists`);
          await store.putChangeSet({ ...set, executed: true });
          await work(now, caller, set.type, set.blueprint);
          return {};
        });
      },
      async CreateStack(input, caller) {
        const name = needed(input, 'StackName');
        checkRollback(input);
        standIn.authorize(caller, 'cloudformation:CreateStack', arnOf(caller.accountId, name));
        const blueprint = await blueprintOf(input, caller, null);
        return withLock(`${caller.accountId}/${name}`, async () => {
          if (await lookUp(caller, name))
            throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
          const stack = await newStack(caller, name, blueprint);
          await work(stack, caller, 'CREATE', blueprint);
          return { StackId: stack.stackId };
        });
      },
      async UpdateStack(input, caller) {
        checkRollback(input);
        const { stackId } = await found(input, caller, 'UpdateStack');
        return withLock(stackId, async () => {
          const stack = await store.byId(stackId);
          if (!stack) throw invalid(`Stack with id ${stackId} does not exist`);
          checkIdle(stack);
          const blueprint = await blueprintOf(input, caller, stack);
          if (changesOf(standIn, stack, blueprint).length === 0 && !outputsDiffer(stack, blueprint))
            throw invalid('No updates are to be performed.');
          await work(stack, caller, 'UPDATE', blueprint);
          return { StackId: stackId };
        });
      },
      async DeleteStack(input, caller) {
        const given = needed(input, 'StackName');
        standIn.authorize(caller, 'cloudformation:DeleteStack', arnOf(caller.accountId, nameIn(given)));
        if (texts(input, 'RetainResources').length > 0)
          throw invalid('RetainResources is not supported here.');
        const known = await lookUp(caller, given);
        if (!known) return {};
        return withLock(known.stackId, async () => {
          const stack = (await store.byId(known.stackId)) ?? known;
          if (stack.status === 'DELETE_IN_PROGRESS' || stack.deletedAt !== null) return {};
          if (stack.work !== null)
            throw invalid(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
          await work(stack, caller, 'DELETE', stack);
          return {};
        });
      },
      ...readOperations({ standIn, store, found, templateIn }),
    },
  };
}

function needed(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value) return value;
  throw invalid(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

const nameIn = (given: string): string => /:stack\/([^/]+)\//.exec(given)?.[1] ?? given;
