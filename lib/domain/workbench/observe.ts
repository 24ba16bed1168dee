import { AnnexError, isAnnexError } from '@/lib/errors';
import type { TenantContext } from '../context';
import { orRefusal } from '../reconcile';
import type { Provisioned, StepName, WorkbenchRequest } from './ports';
import { attemptToken } from './steps';

/** The state of a step in AWS. */
export type Observed =
  | { readonly state: 'absent' | 'running' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'done'; readonly made: Partial<Pick<WorkbenchRequest, 'accountId' | 'domainId'>> };

/**
 * The state of `step` in AWS. A refusal that a retry cannot change counts as a failure of the step; errors that may pass are
 * thrown.
 */
export function observe(ctx: TenantContext, request: WorkbenchRequest, step: StepName): Promise<Observed> {
  return refusalIsFailure(async () => {
    if (step === 'account') return observeAccount(ctx, request);
    const accountId = accountOf(request);
    // After a retry, the domain found is the old one until the stack operation ends.
    if (step === 'baseline' || request.attempt > 1) {
      const retryToken = request.attempt > 1 ? attemptToken(request) : null;
      const stack = observed(await ctx.ports.provisioner.baseline(accountId, retryToken), () => ({}));
      if (step === 'baseline' || stack.state !== 'done') return stack;
    }
    return observed(await ctx.ports.provisioner.domain(accountId), ({ domainId }) => ({ domainId }));
  });
}

/**
 * Starts `step` in AWS under the request's attempt. `started`: AWS began it. Otherwise returns the state found instead, which is
 * `running` also while AWS still removes the result of an earlier failure.
 */
export function startStep(
  ctx: TenantContext,
  request: WorkbenchRequest,
  step: StepName,
): Promise<Observed | { readonly state: 'started' }> {
  const { provisioner } = ctx.ports;
  return refusalIsFailure(async () => {
    if (step !== 'account') {
      // The stack also creates the domain, so one operation retries both.
      await provisioner.retryBaseline(accountOf(request), attemptToken(request));
      return { state: 'started' };
    }
    const seen = await observeAccount(ctx, request);
    if (seen.state !== 'absent') return seen.state === 'running' ? { state: 'started' } : seen;
    if (request.attempt > 1) await provisioner.discardFailedAccount();
    return (await provisionAccount(ctx, request)) ? { state: 'started' } : { state: 'running' };
  });
}

async function observeAccount(ctx: TenantContext, request: WorkbenchRequest): Promise<Observed> {
  const seen = await ctx.ports.provisioner.account(attemptToken(request));
  if (seen.state === 'done') await ctx.ports.tenant.recordAccount(seen.accountId);
  return observed(seen, ({ accountId }) => ({ accountId }));
}

/** False while AWS still removes the result of an earlier failure. */
async function provisionAccount(ctx: TenantContext, request: WorkbenchRequest): Promise<boolean> {
  const { variant, parameters } = request;
  try {
    await ctx.ports.provisioner.provisionAccount({ token: attemptToken(request), variant, parameters });
    return true;
  } catch (error) {
    if (isAnnexError(error, 'conflict')) return false;
    throw error;
  }
}

function accountOf(request: WorkbenchRequest): string {
  if (request.accountId !== null) return request.accountId;
  throw new AnnexError('internal', 'A workbench request is past the account step but has no account.');
}

function observed<T>(
  seen: Provisioned<T>,
  made: (done: T) => Partial<Pick<WorkbenchRequest, 'accountId' | 'domainId'>>,
): Observed {
  return seen.state === 'done' ? { state: 'done', made: made(seen) } : seen;
}

/** The result of `run`; a refusal that a retry cannot change becomes a failure. */
async function refusalIsFailure<T extends object>(
  run: () => Promise<T>,
): Promise<T | { readonly state: 'failed'; readonly reason: string }> {
  const seen = await orRefusal(run);
  return 'refusal' in seen ? { state: 'failed', reason: seen.refusal } : seen;
}
