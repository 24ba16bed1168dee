import type { StepName } from '../workbench/ports';
import { currentStep } from '../workbench/steps';
import type { LinkName, Target } from './ports';

/** The step of a set-up that makes what a link is about. The other links need no account. */
const madeBy: Partial<Readonly<Record<LinkName, StepName>>> = {
  trust: 'baseline',
  'external-id': 'baseline',
  'session-tag': 'baseline',
  'stack-instance': 'baseline',
  domain: 'domain',
  'execution-role': 'domain',
  bucket: 'baseline',
  endpoint: 'baseline',
  metrics: 'baseline',
  quotas: 'baseline',
};

/** Without past runs to compare with, a step may take this long, ms. */
const patienceMs = 30 * 60_000;

/** Why there is nothing to look at yet, although nothing is wrong; null: the link can be looked at. */
export function waitsFor(link: LinkName, target: Target, now: Date): string | null {
  const step = madeBy[link];
  if (step === undefined) return null;
  const { workbench, accountId } = target;
  if (accountId === null) return withoutAccount(workbench);
  const current = workbench?.state === 'provisioning' ? currentStep(workbench) : null;
  if (current && isToCome(current.name, step) && !isLate(target, now)) {
    return 'The workbench is still being set up.';
  }
  if (link === 'endpoint' && target.endpointName === null) {
    return 'No model of this organisation is in use, so there is no endpoint to look at.';
  }
  return null;
}

function withoutAccount(workbench: Target['workbench']): string {
  if (workbench === null) return 'No workbench yet.';
  if (workbench.state !== 'failed') return 'The workbench is still being set up.';
  const reason = currentStep(workbench)?.reason ?? 'AWS gave no reason.';
  return `No workbench yet: its set-up stopped before there was an account. ${reason}`;
}

const order: readonly StepName[] = ['account', 'baseline', 'domain'];
const isToCome = (current: StepName, step: StepName): boolean =>
  order.indexOf(step) >= order.indexOf(current);

/** Whether the set-up stands at a step for longer than three times the usual. Then a look is worth more than patience. */
export function isLate({ workbench, usual }: Target, now: Date): boolean {
  const step = workbench && currentStep(workbench);
  if (!step?.startedAt) return false;
  const usualMs = usual?.[step.name]?.ms;
  return now.getTime() - step.startedAt.getTime() > (usualMs === undefined ? patienceMs : 3 * usualMs);
}
