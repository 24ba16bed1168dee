import type { Action } from '../authorize';

/** What happens around verbs and is audited besides them. */
type Happening =
  | 'session.signed-in'
  | 'session.signed-out'
  | 'session.ended'
  | 'access.refused'
  | 'csv.exported';

interface AuditedAction {
  /** In plain words, for people. */
  readonly words: string;
  /** Keys of `detail`, `before` and `after` that administrators see. Nothing that a tenant’s rows, files or people may have said. */
  readonly admins: readonly string[];
}

const planValues = [
  'name',
  'version',
  'note',
  'variants',
  'people',
  'extractsPerDay',
  'runsAtOnce',
  'endpoints',
  'monthlyBudgetUsd',
  'budgetBrake',
] as const;

/** Every action that has audit rows. `record` takes no other, so each has words, and shows administrators only what is listed. */
export const auditedActions = {
  'session.signed-in': { words: 'Signed in', admins: ['roles'] },
  'session.signed-out': { words: 'Signed out', admins: [] },
  'session.ended': { words: 'Session ended', admins: ['reason'] },
  'access.refused': { words: 'Refused access', admins: ['action'] },
  'csv.exported': { words: 'Exported CSV', admins: ['band', 'searched', 'range'] },
  'orders.import': {
    words: 'Imported orders',
    admins: ['state', 'orders', 'newOrders', 'newCustomers', 'refunds'],
  },
  'churn.refit': { words: 'Refitted the built-in model', admins: ['revision'] },
  'workbench.request': { words: 'Requested the workbench', admins: [] },
  'workbench.retry': { words: 'Retried a workbench step', admins: ['step', 'attempt'] },
  'workbench.advance': {
    words: 'Set up the workbench',
    admins: ['state', 'attempt', 'step', 'reason'],
  },
  'doctor.run': { words: 'Ran the doctor', admins: ['link', 'failing'] },
  'tenants.diagnose': { words: 'Ran the doctor for a tenant', admins: ['link', 'failing'] },
  'studio.launch': { words: 'Opened Studio', admins: ['domain'] },
  'running.stop': {
    words: 'Stopped an app or an endpoint',
    admins: ['kind', 'type', 'instance', 'because'],
  },
  'running.set-idle': { words: 'Changed idle shutdown', admins: ['jupyterLab', 'codeEditor'] },
  'extracts.submit': {
    words: 'Submitted an extract',
    admins: ['dataset', 'format', 'columns', 'policy'],
  },
  'extracts.cancel': { words: 'Cancelled an extract', admins: ['dataset', 'attempt'] },
  'extracts.retry': { words: 'Retried an extract', admins: ['dataset', 'attempt'] },
  'extracts.download': { words: 'Downloaded an extract', admins: ['dataset', 'attempt'] },
  'extracts.advance': {
    words: 'Wrote an extract',
    admins: ['state', 'attempt', 'policy', 'rows', 'bytes'],
  },
  'models.test': { words: 'Tested an endpoint', admins: ['passed'] },
  'models.activate': { words: 'Activated a model', admins: ['version'] },
  'models.roll-back': { words: 'Redeployed a version', admins: ['version'] },
  'scores.run': { words: 'Requested scores', admins: ['version', 'customers'] },
  'scores.refresh': { words: 'Scored the customers', admins: ['version', 'customers'] },
  'scores.look': { words: 'Changed the source of scores', admins: ['version', 'mode'] },
  'queues.redrive': {
    words: 'Redrove dead letters',
    admins: ['all', 'kind', 'tenant', 'reason', 'receives'],
  },
  'queues.discard': { words: 'Discarded a dead letter', admins: ['kind', 'tenant', 'reason', 'receives'] },
  'policies.change': {
    words: 'Changed an extract policy',
    admins: ['version', 'tenant', 'effective', 'note', 'columns', 'rowLimit'],
  },
  'plans.create': { words: 'Added a plan', admins: planValues },
  'plans.change': { words: 'Changed a plan', admins: planValues },
  'plans.assign': { words: 'Gave a tenant another plan', admins: ['plan'] },
  'plans.retire': { words: 'Retired a plan', admins: [] },
  'people.invite': { words: 'Invited a person', admins: ['email', 'role'] },
  'people.send-invitation': { words: 'Sent an invitation', admins: ['email'] },
  'people.change-role': { words: 'Changed a role', admins: ['email', 'role'] },
  'people.set-access': { words: 'Changed a person’s access', admins: ['email', 'disabled'] },
  'people.remove': { words: 'Removed a person', admins: ['email'] },
  'tenants.onboard': {
    words: 'Onboarded a tenant',
    admins: ['name', 'owner', 'workbench', 'plan', 'retry', 'undo'],
  },
  'tenants.advance-onboarding': { words: 'Set up a tenant', admins: ['state', 'attempt', 'step', 'reason'] },
  'sign-up.start': { words: 'Began a sign-up', admins: ['again'] },
  'sign-up.confirm': { words: 'Asked for a tenant', admins: ['name'] },
  'sign-up.expire': { words: 'Removed sign-ups that expired', admins: ['count'] },
  'tenants.approve': { words: 'Approved a tenant', admins: ['owner', 'plan', 'state'] },
  'tenants.decline': { words: 'Declined a tenant', admins: ['email', 'reason', 'state'] },
  'tenants.close': {
    words: 'Closed a tenant',
    admins: ['reason', 'state', 'deleteAfter', 'retry', 'now', 'kept', 'certificate', 'sha256'],
  },
  'tenants.advance-closing': {
    words: 'Deleted what a tenant had',
    admins: ['attempt', 'step', 'reason'],
  },
  'tenants.suspend': { words: 'Suspended a tenant', admins: ['reason', 'state'] },
  'tenants.quiet': {
    words: 'Stopped what a suspended tenant had running',
    admins: ['endpoints', 'usdPerHour', 'unpriced'],
  },
  'tenants.resume': { words: 'Resumed a tenant', admins: ['state'] },
  'costs.measure': {
    words: 'Acted on the budget',
    admins: ['month', 'percent', 'spent', 'budget', 'brake'],
  },
  'costs.warn': { words: 'Told owners of the budget', admins: ['month', 'percent', 'owners'] },
  'subscriptions.provision': { words: 'Changed a subscription', admins: ['title', 'state'] },
  'subscriptions.advance': {
    words: 'Deployed the model of a subscription, or took it down',
    admins: ['state', 'version', 'attempt', 'step', 'reason'],
  },
  'subscriptions.retry': { words: 'Retried the deployment of a subscription', admins: ['attempt'] },
  'listings.create': { words: 'Added a listing', admins: ['title', 'product'] },
  'listings.change': {
    words: 'Changed a listing',
    admins: [
      ...['title', 'summary', 'terms', 'types', 'accept', 'prices'],
      ...['version', 'package', 'instance', 'note'],
    ],
  },
  'listings.publish': { words: 'Published or retired a listing', admins: ['state'] },
  'people.disable': { words: 'Disabled a person', admins: ['email', 'disabled'] },
  'people.enable': { words: 'Enabled a person', admins: ['email', 'disabled'] },
} as const satisfies Partial<Readonly<Record<Action | Happening, AuditedAction>>>;

/** What is audited: what verbs do, and what happens before and around them. */
export type Audited = keyof typeof auditedActions;

export const auditedNames = Object.keys(auditedActions) as readonly Audited[];

/** What people read of `action`. A row may have an action that Annex no longer knows. */
export const wordsOfAction = (action: string): string => known(action)?.words ?? action;

/** What administrators may read of `action`; nothing of one that Annex doesn’t know. */
export const shownToAdmins = (action: string): readonly string[] => known(action)?.admins ?? [];

const known = (action: string): AuditedAction | undefined =>
  Object.hasOwn(auditedActions, action) ? auditedActions[action as Audited] : undefined;
