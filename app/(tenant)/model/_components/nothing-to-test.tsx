import Link from 'next/link';
import { buttonLook } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import type { EndpointList } from '@/lib/domain/models/verbs/list-endpoints';

type Workbench = Extract<EndpointList, { state: 'no-workbench' }>['workbench'];

const words: Readonly<Record<Workbench, { title: string; text: string; link: string }>> = {
  none: {
    title: 'There is no workbench yet',
    text: 'Endpoints live in an AWS account of your organisation’s own, which comes with a workbench.',
    link: 'Request a workbench',
  },
  provisioning: {
    title: 'Your workbench is being made',
    text: 'Its AWS account is where your endpoints will be. It may take up to half an hour.',
    link: 'See how far it is',
  },
  failed: {
    title: 'Your workbench could not be finished',
    text: 'Endpoints can be found once it is. What was done is kept; retry the step that failed.',
    link: 'Go to the workbench',
  },
};

/** There is no account to look into. */
export function NoWorkbench({ workbench }: { readonly workbench: Workbench }) {
  const { title, text, link } = words[workbench];
  return (
    <EmptyState title={title}>
      <p>{text} Until then, customers are scored by the default.</p>
      <Link href="/workbench" prefetch={false} className={buttonLook('plain')}>
        {link}
      </Link>
    </EmptyState>
  );
}

/** There is an account without endpoints: how to get one. */
export function NoEndpoints() {
  return (
    <EmptyState title="No endpoints yet">
      <p>Your account hosts no model. In this order, one gets there:</p>
      <ol className="list-decimal space-y-1 pl-5 marker:font-semibold marker:text-accent">
        <li>
          take an{' '}
          <Link href="/extracts/new" prefetch={false} className="link">
            extract
          </Link>{' '}
          of the dataset churn_training,
        </li>
        <li>
          train on it in Studio, which the{' '}
          <Link href="/workbench" prefetch={false} className="link">
            workbench
          </Link>{' '}
          launches, and deploy the model to an endpoint,
        </li>
        <li>come back here when SageMaker reports the endpoint as in service.</li>
      </ol>
      <p>The example in the folder examples/churn-model does the same with the AWS SDK.</p>
      <a href="/model" className={buttonLook('plain')}>
        Look again
      </a>
    </EmptyState>
  );
}
