import { awsNames } from '@/local/aws-names';
import { closeAccount, findAccount, type VendedAccount } from '../control-tower/accounts';
import { createDurableTimers } from '../core/durable-timers';
import { AwsError, type Operation, type RpcService, type StandIn } from '../core/service';
import { optionalText } from '../wire/rpc-input';
import { epochSeconds } from '../wire/rpc-page';

interface ClosureTimers {
  closed: { readonly accountId: string };
}

/** ARN of an account of the organization. */
const accountArn = (standIn: StandIn, accountId: string): string =>
  `arn:aws:organizations::${standIn.portalAccountId}:account/${awsNames.organizationId}/${accountId}`;

/** Organizations, as far as the closing of accounts goes. */
export function createOrganizations(standIn: StandIn): RpcService {
  const timers = createDurableTimers<ClosureTimers>(standIn, 'organizations.closures', {
    closed: async ({ accountId }) => {
      await closeAccount(standIn, accountId, 'SUSPENDED');
      return undefined;
    },
  });

  const operations: Record<string, Operation> = {
    async DescribeAccount(input, caller) {
      const accountId = optionalText(input, 'AccountId') ?? '';
      standIn.authorize(caller, 'organizations:DescribeAccount', accountArn(standIn, accountId));
      return { Account: view(standIn, await needed(standIn, accountId)) };
    },
    async CloseAccount(input, caller) {
      const accountId = optionalText(input, 'AccountId') ?? '';
      standIn.authorize(caller, 'organizations:CloseAccount', accountArn(standIn, accountId));
      const account = await needed(standIn, accountId);
      if (account.closure !== undefined) {
        throw new AwsError('AccountAlreadyClosedException', 'The account is closed already.');
      }
      const fault = standIn.fault('account.close', account.tenantId);
      if (fault !== null) throw new AwsError('ConstraintViolationException', fault);
      await closeAccount(standIn, accountId, 'PENDING_CLOSURE');
      await timers.schedule('closed', accountId, standIn.stepMs, { accountId });
      return undefined;
    },
  };
  return {
    name: 'organizations',
    protocol: 'json-1.1',
    operations,
    start: () => timers.start(),
  };
}

async function needed(standIn: StandIn, accountId: string): Promise<VendedAccount> {
  const account = await findAccount(standIn, accountId);
  if (account) return account;
  throw new AwsError('AccountNotFoundException', "You specified an account that doesn't exist.");
}

function view(standIn: StandIn, { accountId, name, email, createdAt, closure }: VendedAccount): object {
  return {
    Id: accountId,
    Arn: accountArn(standIn, accountId),
    Name: name,
    Email: email,
    Status: closure ?? 'ACTIVE',
    State: closure ?? 'ACTIVE',
    JoinedMethod: 'CREATED',
    JoinedTimestamp: epochSeconds(createdAt),
  };
}
