import { type Actor, namesOfRoles, type Role } from '../actor';
import { type Action, allows, permissions } from '../authorize';
import { isImporting } from '../crm/imports';
import { firstFailure } from '../models/tested';
import { known, type Read } from '../seen';
import { currentStep } from '../workbench/steps';
import { currentReport, endpointsOf, isArriving } from './endpoints';
import type { OverviewFacts } from './facts';
import type { OverviewItem } from './items';

export const setupStepNames = ['import', 'workbench', 'extract', 'train', 'test', 'activate'] as const;
export type SetupStepName = (typeof setupStepNames)[number];

/**
 * `current`: everything before it is done, so that somebody can do it now. `unknown`: the service that knows does not
 * respond.
 */
export type SetupStepState = 'done' | 'current' | 'under way' | 'failed' | 'open' | 'unknown';

/** One step from an empty tenant to its own active model. */
export interface SetupStep {
  readonly name: SetupStepName;
  readonly state: SetupStepState;
  /** The id of the extract or the name of the endpoint that the step is about. */
  readonly subject: string | null;
  /** Why it failed, or why its state is unknown. */
  readonly reason: string | null;
  /** Who can do it; null: the reader. */
  readonly by: string | null;
}

interface Finding {
  readonly state: Exclude<SetupStepState, 'current'>;
  readonly subject?: string | undefined;
  readonly reason?: string | null | undefined;
}

interface Rule {
  readonly action: Action;
  readonly needs: readonly SetupStepName[];
  readonly part: 'customers' | 'workbench' | 'extracts' | 'endpoints' | 'scoring';
  readonly find: (facts: OverviewFacts) => Finding;
}

const open: Finding = { state: 'open' };
const done: Finding = { state: 'done' };

const rules: Readonly<Record<SetupStepName, Rule>> = {
  import: {
    action: 'orders.import',
    needs: [],
    part: 'customers',
    find: importFinding,
  },
  workbench: { action: 'workbench.request', needs: [], part: 'workbench', find: workbenchFinding },
  extract: {
    action: 'extracts.submit',
    needs: ['import', 'workbench'],
    part: 'extracts',
    find: extractFinding,
  },
  train: { action: 'studio.launch', needs: ['extract'], part: 'endpoints', find: trainFinding },
  test: { action: 'models.test', needs: ['train'], part: 'endpoints', find: testFinding },
  activate: {
    action: 'models.activate',
    needs: ['test'],
    part: 'scoring',
    find: (facts) => ({ ...(known(facts.scoring)?.active ? done : open), subject: passed(facts) }),
  },
};

/**
 * The steps from an empty tenant to its own active model, in order, of which `reader` may see the state. A training extract
 * counts as taken once an endpoint is in service, because it may be older than the extracts that were read.
 */
export function stepsOf(facts: OverviewFacts, reader: Pick<Actor, 'roles'>): readonly SetupStep[] {
  const found = new Map<SetupStepName, Finding>();
  for (const name of setupStepNames) {
    const finding = findingOf(facts[rules[name].part], () => rules[name].find(facts));
    if (finding) found.set(name, finding);
  }
  if (found.get('train')?.state === 'done' && found.has('extract')) found.set('extract', done);
  const isDone = (name: SetupStepName) => found.get(name)?.state === 'done';
  return [...found].map(([name, { state, subject, reason }]) => ({
    name,
    state: state === 'open' && rules[name].needs.every(isDone) ? 'current' : state,
    subject: subject ?? null,
    reason: reason ?? null,
    by: allows(reader, rules[name].action) ? null : whoMay(rules[name].action),
  }));
}

/** The step that `reader` is to take next; null: somebody else has to, or work is under way. */
export const nextStep = (steps: readonly SetupStep[]): SetupStep | null =>
  steps.find(({ state, by }) => by === null && (state === 'current' || state === 'failed')) ?? null;

/** The items of an overview that no failed step and no step under way of `steps` is about. */
export function besides<Item extends OverviewItem<string>>(
  items: readonly Item[],
  steps: readonly SetupStep[],
): readonly Item[] {
  const telling = steps.filter(({ state }) => state === 'failed' || state === 'under way');
  return items.filter(
    ({ kind, subject }) =>
      !telling.some((step) => (subject === null ? step.name === kind : step.subject === subject)),
  );
}

function findingOf(part: Read<unknown>, find: () => Finding): Finding | null {
  switch (part.state) {
    case 'read':
      return find();
    case 'unreadable':
      return { state: 'unknown', reason: part.reason };
    case 'unread':
      return null;
  }
}

function importFinding({ customers, orderImport }: OverviewFacts): Finding {
  if ((known(customers)?.customers ?? 0) > 0) return done;
  const last = known(orderImport);
  if (last && isImporting(last)) return { state: 'under way' };
  return last && last.state !== 'done' ? { state: 'failed', reason: last.reason ?? cutOff } : open;
}

const cutOff = 'The file did not arrive whole. Nothing of it was imported.';

function workbenchFinding({ workbench }: OverviewFacts): Finding {
  const request = known(workbench);
  switch (request?.state) {
    case 'ready':
      return done;
    case 'provisioning':
      return { state: 'under way' };
    case 'failed':
      return { state: 'failed', reason: currentStep(request)?.reason };
    case undefined:
      return open;
  }
}

function extractFinding({ extracts }: OverviewFacts): Finding {
  const training = (known(extracts) ?? []).filter(({ dataset }) => dataset === 'churn_training');
  const whole = training.find(({ state }) => state === 'done');
  if (whole) return { state: 'done', subject: whole.requestId };
  const [newest] = training;
  switch (newest?.state) {
    case 'queued':
    case 'running':
      return { state: 'under way', subject: newest.requestId };
    case 'failed':
      return { state: 'failed', subject: newest.requestId, reason: newest.reason };
    default:
      return open;
  }
}

function trainFinding(facts: OverviewFacts): Finding {
  const endpoints = endpointsOf(facts);
  const serving = endpoints.find(({ status }) => status === 'InService');
  if (serving) return { state: 'done', subject: serving.name };
  const arriving = endpoints.find(isArriving);
  if (arriving) return { state: 'under way', subject: arriving.name };
  const failed = endpoints.find(({ status }) => status === 'Failed');
  return failed
    ? { state: 'failed', subject: failed.name, reason: `SageMaker could not deploy ${failed.name}.` }
    : open;
}

function testFinding(facts: OverviewFacts): Finding {
  const name = passed(facts);
  if (name !== undefined) return { state: 'done', subject: name };
  const [newest] = endpointsOf(facts).filter(({ status }) => status === 'InService');
  const report = newest && currentReport(newest);
  return report
    ? { state: 'failed', subject: report.endpointName, reason: firstFailure(report) }
    : { state: 'open', subject: newest?.name };
}

/** The endpoint in service that passed the contract test since it last changed. */
const passed = (facts: OverviewFacts): string | undefined =>
  endpointsOf(facts).find(
    (endpoint) => endpoint.status === 'InService' && currentReport(endpoint)?.passed === true,
  )?.name;

function whoMay(action: Action): string {
  const allowed: readonly Role[] = permissions[action];
  return namesOfRoles(allowed.filter((role) => role !== 'system'));
}
