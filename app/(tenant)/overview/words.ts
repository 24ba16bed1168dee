import type { AttentionKind, FinishedKind, OverviewItem, WorkKind } from '@/lib/domain/overview/items';
import type { SetupStep, SetupStepName } from '@/lib/domain/overview/steps';
import { trainingDraftHref } from '../extracts/new/draft';
import { modelHref } from '../model/view';

/** A step as the page calls it, and the verb of its button. */
export const stepWords: Readonly<
  Record<SetupStepName, { readonly title: string; readonly what: string; readonly verb: string }>
> = {
  import: {
    title: 'Import orders',
    what: 'The churn risk of each customer is computed from what they bought, and when.',
    verb: 'Import orders',
  },
  workbench: {
    title: 'Set up the workbench',
    what: 'An AWS account of your own, with a bucket for your data and SageMaker Studio.',
    verb: 'Request workbench',
  },
  extract: {
    title: 'Take a training extract',
    what: 'Past customers with their features and outcome, as a file in your bucket that SageMaker XGBoost reads.',
    verb: 'Take an extract',
  },
  train: {
    title: 'Train and deploy a model',
    what: 'In Studio: train on the extract, then deploy the model as an endpoint.',
    verb: 'Go to Studio',
  },
  test: {
    title: 'Test the endpoint',
    what: 'Annex checks that the endpoint meets the churn interface.',
    verb: 'Test endpoint',
  },
  activate: {
    title: 'Activate the model',
    what: 'Annex then scores every customer with it. You can switch back at any time.',
    verb: 'Activate model',
  },
};

/** Where a step is done, or where its extract or report is. */
export function stepHref({ name, state, subject }: SetupStep): string {
  switch (name) {
    case 'import':
      return '/customers/import';
    case 'workbench':
    case 'train':
      return '/workbench';
    case 'extract':
      return state !== 'current' && subject !== null ? `/extracts/${subject}` : trainingDraftHref;
    case 'test':
    case 'activate':
      return modelHref({ tab: 'test', endpoint: subject ?? undefined });
  }
}

type Worded<Kind extends string> = (item: OverviewItem<Kind>) => {
  readonly words: string;
  readonly href: string;
};

const endpointHref = (subject: string | null): string =>
  modelHref({ tab: 'test', endpoint: subject ?? undefined });

export const attentionWords: Worded<AttentionKind> = ({ kind, subject, name }) => {
  switch (kind) {
    case 'workbench':
      return { words: 'The setup of the workbench failed', href: '/workbench' };
    case 'extract':
      return { words: `Extract failed: ${name}`, href: `/extracts/${subject}` };
    case 'test':
      return { words: `${subject} failed its test`, href: endpointHref(subject) };
    case 'fallback':
      return { words: 'Fallback: scores come from the built-in model', href: '/customers' };
    case 'run':
      return { words: 'The last scoring run failed', href: '/customers' };
    case 'unfitted':
      return { words: 'The churn risk could not be computed', href: '/customers' };
    case 'budget':
      return {
        words:
          subject === '100'
            ? 'The budget of this month is spent'
            : `More than ${subject}% of the budget of this month is spent`,
        href: '/cost',
      };
  }
};

export const workWords: Worded<WorkKind> = ({ kind, subject, name }) => {
  switch (kind) {
    case 'import':
      return { words: `${name} is importing orders`, href: '/customers/import' };
    case 'workbench':
      return { words: 'The workbench is being set up', href: '/workbench' };
    case 'extract':
      return { words: `Extract: ${name}`, href: `/extracts/${subject}` };
    case 'endpoint':
      return { words: `${subject} is being deployed`, href: endpointHref(subject) };
    case 'run':
      return { words: `Version ${subject} is scoring`, href: '/customers' };
    case 'scores':
      return { words: 'The churn risk is being computed', href: '/customers' };
  }
};

export const finishedWords: Worded<FinishedKind> = ({ kind, subject, name }) => {
  switch (kind) {
    case 'import':
      return { words: 'Orders imported', href: '/customers' };
    case 'workbench':
      return { words: 'Workbench ready', href: '/workbench' };
    case 'extract':
      return { words: `Extract done: ${name}`, href: `/extracts/${subject}` };
    case 'test':
      return { words: `${subject} passed its test`, href: endpointHref(subject) };
    case 'activation':
      return {
        words: `${subject === null ? 'Built-in model' : `Version ${subject}`} activated by ${name}`,
        href: modelHref({ tab: 'in-use' }),
      };
    case 'scores':
      return { words: 'Scores computed', href: '/customers' };
  }
};
