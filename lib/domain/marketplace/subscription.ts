import { checkIsDue, nextCheckSeconds, touched } from '../reconcile';
import { currentStep, pendingStep, type Step } from '../stepwise';

/** How a subscription stands by what AWS Marketplace and the seller said. */
export const standings = ['pending', 'active', 'suspended', 'cancelling', 'cancelled'] as const;
export type Standing = (typeof standings)[number];

/** What sets up the endpoint, in its order. */
export const deploymentSteps = ['model', 'configuration', 'endpoint', 'test'] as const;
export type DeploymentStepName = (typeof deploymentSteps)[number];
export const deploymentStates = ['none', 'running', 'done', 'failed', 'removing', 'removed'] as const;

/** A tenant’s subscription of a listing, with the deployment of the model in the tenant’s account. */
export interface Subscription {
  readonly id: string;
  readonly listingId: string;
  readonly title: string;
  /** AWS account of the buyer. */
  readonly accountId: string;
  readonly licenseArn: string;
  readonly agreementId: string | null;
  readonly standing: Standing;
  readonly createdAt: Date;
  /** Since when usage is accepted; null: not yet. */
  readonly licensedAt: Date | null;
  /** When the agreement ended. */
  readonly endedAt: Date | null;
  readonly suspension: Suspension | null;
  readonly removedAt: Date | null;
  /** The version that is deployed; null until the deployment begins. */
  readonly version: number | null;
  /** Of the deployment. */
  readonly state: (typeof deploymentStates)[number];
  readonly steps: readonly Step<DeploymentStepName>[];
  readonly attempt: number;
  readonly revision: number;
  readonly updatedAt: Date;
}

/** A subscription as its seller sees it. */
export interface SoldSubscription
  extends Pick<
    Subscription,
    | 'id'
    | 'listingId'
    | 'title'
    | 'accountId'
    | 'standing'
    | 'createdAt'
    | 'licensedAt'
    | 'endedAt'
    | 'version'
    | 'state'
  > {}

/** Why the seller lets nobody use a subscription. */
export interface Suspension {
  readonly at: Date;
  readonly by: string;
  readonly reason: string;
}

/** The name that the model, its configuration and its endpoint have in the buyer’s account. */
export const deployedName = ({ id }: Pick<Subscription, 'id'>): string => `annex-${id.toLowerCase()}`;

/** Whether the model is to be there. */
export const isEntitled = ({ standing }: Pick<Subscription, 'standing'>): boolean =>
  standing === 'active' || standing === 'suspended';

/** Whether nothing more happens by itself. */
export const isSettled = (subscription: Subscription): boolean =>
  subscription.standing === 'pending' ||
  subscription.standing === 'cancelled' ||
  (isEntitled(subscription) && (subscription.state === 'done' || subscription.state === 'failed'));

/** The subscription whose deployment of `version` begins. */
export function begun(subscription: Subscription, version: number, at: Date): Subscription {
  const steps = deploymentSteps.map((name, n) =>
    n === 0 ? { ...pendingStep(name), state: 'running' as const, startedAt: at } : pendingStep(name),
  );
  return touched({ ...subscription, version, steps, state: 'running' }, at);
}

/** Seconds from the last write to the next check. */
export function secondsToNextCheck(subscription: Subscription): number {
  // SageMaker deletes an endpoint within minutes.
  if (subscription.state === 'removing') return 5;
  const since = currentStep(subscription)?.startedAt ?? subscription.createdAt;
  return nextCheckSeconds(Math.max(0, subscription.updatedAt.getTime() - since.getTime()), 60);
}

export const isCheckDue = (subscription: Subscription, at: Date): boolean =>
  checkIsDue(subscription, secondsToNextCheck(subscription), at);
