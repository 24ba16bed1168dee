import Link from 'next/link';
import { buttonStyle } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import type { EndpointList } from '@/lib/domain/models/verbs/list-endpoints';
import { trainingDraftHref } from '../../extracts/new/draft';

type Workbench = Extract<EndpointList, { state: 'no-workbench' }>['workbench'];

const words: Readonly<Record<Workbench, { title: string; text: string; link: string }>> = {
  none: {
    title: 'No workbench yet',
    text: 'Endpoints run in your organisation’s own AWS account, which comes with the workbench.',
    link: 'Request a workbench',
  },
  provisioning: {
    title: 'Setting up your workbench',
    text: 'Your endpoints will run in its AWS account. Setup can take up to 30 minutes.',
    link: 'View progress',
  },
  failed: {
    title: 'Workbench setup failed',
    text: 'You can test endpoints once setup is complete. Completed steps are kept. Retry the failed step.',
    link: 'Go to Workbench',
  },
};

/** There is no account yet. */
export function NoWorkbench({ workbench }: { readonly workbench: Workbench }) {
  const { title, text, link } = words[workbench];
  return (
    <EmptyState title={title}>
      <p>{text} Until then, the built-in model scores customers.</p>
      <Link href="/workbench" prefetch={false} className={buttonStyle('plain')}>
        {link}
      </Link>
    </EmptyState>
  );
}

/** There is an account without endpoints: how to get one. */
export function NoEndpoints() {
  return (
    <EmptyState title="No endpoints yet">
      <p>Your account hosts no model. To deploy one:</p>
      <ol className="list-decimal space-y-1 pl-5 marker:font-semibold marker:text-muted">
        <li>
          Take a{' '}
          <Link href={trainingDraftHref} prefetch={false} className="link">
            training extract
          </Link>
          .
        </li>
        <li>
          Launch Studio from the{' '}
          <Link href="/workbench" prefetch={false} className="link">
            workbench
          </Link>
          , train a model on the extract and deploy it to an endpoint.
        </li>
        <li>Come back here when SageMaker reports the endpoint as in service.</li>
      </ol>
      <p>Annex’s repository has a script that does the same with the AWS SDK: examples/churn-model.</p>
      <a href="/model" className={buttonStyle('plain')}>
        Refresh
      </a>
    </EmptyState>
  );
}
