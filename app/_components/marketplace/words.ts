import { formatUsdRate } from '@/components/format';
import type { Tone } from '@/components/ui/tones';
import type { Dimension } from '@/lib/domain/marketplace/listing';
import type { DeploymentStepName, Standing, Subscription } from '@/lib/domain/marketplace/subscription';

/** `$0.0025 a request` */
export const priceOf = ({ usd, measure }: Dimension): string =>
  `${formatUsdRate(usd)} ${measure === 'requests' ? 'a request' : 'a kilobyte'}`;

export const standingWords: Readonly<Record<Standing, { readonly tone: Tone; readonly words: string }>> = {
  pending: { tone: 'neutral', words: 'Waiting for the licence' },
  active: { tone: 'done', words: 'Active' },
  suspended: { tone: 'warning', words: 'Suspended by the seller' },
  cancelling: { tone: 'running', words: 'Being cancelled' },
  cancelled: { tone: 'neutral', words: 'Cancelled' },
};

export const stepWords: Readonly<
  Record<DeploymentStepName, { readonly title: string; readonly purpose: string }>
> = {
  model: { title: 'Model', purpose: 'The seller’s model package, in network isolation' },
  configuration: { title: 'Configuration', purpose: 'One instance of the type that the seller chose' },
  endpoint: { title: 'Endpoint', purpose: 'SageMaker starts the model in your account' },
  test: { title: 'Test', purpose: 'The model answers the sample of the listing' },
};

/** How the endpoint of a subscription stands. */
export function deploymentWords({ standing, state }: Pick<Subscription, 'standing' | 'state'>): {
  readonly tone: Tone;
  readonly words: string;
} {
  switch (standing === 'cancelling' && state !== 'none' ? 'removing' : state) {
    case 'removed':
      return { tone: 'neutral', words: 'Taken down' };
    case 'none':
      return { tone: 'neutral', words: 'Not yet' };
    case 'running':
      return { tone: 'running', words: 'Being set up' };
    case 'failed':
      return { tone: 'failed', words: 'Failed' };
    case 'done':
      return { tone: 'done', words: 'Ready' };
    case 'removing':
      return { tone: 'running', words: 'Being taken down' };
  }
}
