import { awsNames } from '@/local/aws-names';
import { AwsError, type Operation, type StandIn } from '../core/service';
import { optionalText, optionalWhole, structures } from '../wire/rpc-input';
import { type Page, pageOf } from '../wire/rpc-page';
import { driftOf, seenInstance } from './instance-faults';
import { allInstances, allOperations, operationOf, type StackInstance } from './store';
import {
  authorizeStackSet,
  instanceView,
  operationView,
  stackSetDetail,
  stackSetId,
  stackSetSummary,
} from './views';

type Input = Record<string, unknown>;

/** Operations that read the stack set, its instances and its operations. */
export function instanceReads(standIn: StandIn): Record<string, Operation> {
  return {
    async DescribeStackSet(input, caller) {
      authorizeStackSet(standIn, input, caller, 'DescribeStackSet');
      return { StackSet: stackSetDetail(standIn) };
    },
    async ListStackSets(input, caller) {
      standIn.authorize(caller, 'cloudformation:ListStackSets', '*');
      const own = caller.accountId === standIn.portalAccountId && optionalText(input, 'Status') !== 'DELETED';
      return { Summaries: own ? [stackSetSummary()] : [] };
    },
    async DescribeStackInstance(input, caller) {
      authorizeStackSet(standIn, input, caller, 'DescribeStackInstance');
      const accountId = optionalText(input, 'StackInstanceAccount') ?? '';
      const region = optionalText(input, 'StackInstanceRegion') ?? '';
      const instance = region === standIn.region ? await seenInstance(standIn, accountId) : undefined;
      if (!instance) {
        const message = `Stack instance not found for StackSet ${awsNames.stackSet}, account ${accountId}, region ${region}`;
        throw new AwsError('StackInstanceNotFoundException', message, 404);
      }
      const view = { ...instanceView(standIn, instance), ...(await driftOf(standIn, accountId)) };
      return { StackInstance: { ...view, ParameterOverrides: [] } };
    },
    async ListStackInstances(input, caller) {
      authorizeStackSet(standIn, input, caller, 'ListStackInstances');
      const wanted = instanceFilter(standIn, input);
      const instances = (await allInstances(standIn)).filter(wanted);
      const { items, next } = page(instances, ({ accountId }) => accountId, input);
      return { Summaries: items.map((instance) => instanceView(standIn, instance)), NextToken: next };
    },
    ...operationReads(standIn),
  };
}

function operationReads(standIn: StandIn): Record<string, Operation> {
  return {
    async DescribeStackSetOperation(input, caller) {
      authorizeStackSet(standIn, input, caller, 'DescribeStackSetOperation');
      const operation = await neededOperation(standIn, input);
      return {
        StackSetOperation: {
          ...operationView(operation),
          StackSetId: stackSetId,
          DeploymentTargets: { OrganizationalUnitIds: [awsNames.mlOu], Accounts: operation.accountIds },
        },
      };
    },
    async ListStackSetOperations(input, caller) {
      authorizeStackSet(standIn, input, caller, 'ListStackSetOperations');
      const { items, next } = page(await allOperations(standIn), ({ operationId }) => operationId, input);
      return { Summaries: items.map(operationView), NextToken: next };
    },
    async ListStackSetOperationResults(input, caller) {
      authorizeStackSet(standIn, input, caller, 'ListStackSetOperationResults');
      const operation = await neededOperation(standIn, input);
      const { items, next } = page(operation.accountIds, (accountId) => accountId, input);
      return {
        Summaries: items.map((accountId) => {
          const result = operation.results[accountId];
          return {
            Account: accountId,
            Region: standIn.region,
            Status: result ? (result.failed ? 'FAILED' : 'SUCCEEDED') : 'PENDING',
            StatusReason: result?.reason ?? undefined,
            OrganizationalUnitId: awsNames.mlOu,
          };
        }),
        NextToken: next,
      };
    },
  };
}

async function neededOperation(standIn: StandIn, input: Input) {
  const id = optionalText(input, 'OperationId') ?? '';
  const operation = await operationOf(standIn, id);
  if (operation) return operation;
  throw new AwsError(
    'OperationNotFoundException',
    `Operation ${id} not found for StackSet ${awsNames.stackSet}`,
    404,
  );
}

function instanceFilter(standIn: StandIn, input: Input): (instance: StackInstance) => boolean {
  const account = optionalText(input, 'StackInstanceAccount');
  const region = optionalText(input, 'StackInstanceRegion');
  const filters = structures(input, 'Filters').map((filter) => ({
    name: optionalText(filter, 'Name') ?? '',
    values: (optionalText(filter, 'Values') ?? '').split(',').map((value) => value.trim()),
  }));
  const field = (instance: StackInstance, name: string): string => {
    if (name === 'DETAILED_STATUS') return instance.detailedStatus;
    if (name === 'LAST_OPERATION_ID') return instance.operationId;
    if (name === 'DRIFT_STATUS') return 'NOT_CHECKED';
    throw new AwsError('ValidationError', `Filter ${name} is not supported.`);
  };
  return (instance) =>
    (account === undefined || account === instance.accountId) &&
    (region === undefined || region === standIn.region) &&
    filters.every(({ name, values }) => values.includes(field(instance, name)));
}

function page<T>(all: readonly T[], keyOf: (item: T) => string, input: Input): Page<T> {
  const size = optionalWhole(input, 'MaxResults') ?? 100;
  if (size < 1 || size > 100) throw new AwsError('ValidationError', 'MaxResults must be between 1 and 100.');
  const refuse = () => new AwsError('ValidationError', 'The next token is not valid.');
  return pageOf(all, keyOf, optionalText(input, 'NextToken'), size, refuse);
}
