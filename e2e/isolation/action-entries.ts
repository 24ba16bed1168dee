import { type Entry, form } from './entries';

/** Every server action, by its name. */
export const actions: Readonly<Record<string, Entry>> = {
  onboardTenantAction: {
    needs: 'tenants.onboard',
    ...form(() => ({ tenantId: 'X', name: '', ownerEmail: '' })),
    own: ['invalid'],
    silent: true,
  },
  importTenantsAction: { needs: 'tenants.onboard', own: ['invalid'], silent: true },
  retryOnboardingAction: {
    needs: 'tenants.onboard',
    ...form(() => ({ tenantId: 'nobody', attempt: '1' })),
    own: ['not found'],
    silent: true,
  },
  undoOnboardingAction: {
    needs: 'tenants.onboard',
    ...form(() => ({ tenantId: 'nobody' })),
    own: ['not found'],
    silent: true,
  },
  retrySubscriptionAction: {
    needs: 'subscriptions.retry',
    ...form(() => ({ subscriptionId: 'none', attempt: '1' })),
    own: ['not found'],
    silent: true,
  },
  createListingAction: {
    needs: 'listings.create',
    ...form(() => ({ productCode: '', title: '' })),
    own: ['invalid'],
    silent: true,
  },
  changeListingAction: {
    needs: 'listings.change',
    ...form(() => ({ id: 'none', revision: '1', title: '' })),
    own: ['invalid'],
    silent: true,
  },
  addListingVersionAction: {
    needs: 'listings.change',
    ...form(() => ({ id: 'none', base: '0', modelPackageArn: 'x' })),
    own: ['invalid'],
    silent: true,
  },
  publishListingAction: {
    needs: 'listings.publish',
    ...form(() => ({ id: 'none', revision: '1' })),
    own: ['not found'],
    silent: true,
  },
  retireListingAction: {
    needs: 'listings.publish',
    ...form(() => ({ id: 'none', revision: '1' })),
    own: ['not found'],
    silent: true,
  },
  startSignUpAction: {
    needs: null,
    ...form(() => ({ organisation: '', person: '', email: 'nobody', password: '' })),
    own: ['invalid'],
    silent: true,
  },
  confirmSignUpAction: {
    needs: null,
    ...form(() => ({ id: 'AAAAAAAAAAAAAAAAAAAAAA', code: '123456' })),
    own: ['not found'],
    silent: true,
  },
  resendCodeAction: {
    needs: null,
    ...form(() => ({ id: 'AAAAAAAAAAAAAAAAAAAAAA' })),
    own: ['not found'],
    silent: true,
  },
  renameOrganisationAction: {
    needs: null,
    ...form(() => ({ id: 'AAAAAAAAAAAAAAAAAAAAAA', organisation: 'x' })),
    own: ['not found'],
    silent: true,
  },
  approveTenantAction: {
    needs: 'tenants.approve',
    ...form(() => ({ tenantId: 'nobody' })),
    own: ['not found'],
    silent: true,
  },
  declineTenantAction: {
    needs: 'tenants.decline',
    ...form(() => ({ tenantId: 'nobody', reason: 'x' })),
    own: ['not found'],
    silent: true,
  },
  closeTenantAction: {
    needs: 'tenants.close',
    ...form(() => ({ tenantId: 'nobody', confirmation: 'nobody', reason: 'x' })),
    own: ['not found'],
    silent: true,
  },
  keepTenantAction: {
    needs: 'tenants.close',
    ...form(() => ({ tenantId: 'nobody' })),
    own: ['not found'],
    silent: true,
  },
  deleteNowAction: {
    needs: 'tenants.close',
    ...form(() => ({ tenantId: 'nobody', confirmation: 'nobody' })),
    own: ['not found'],
    silent: true,
  },
  retryClosingAction: {
    needs: 'tenants.close',
    ...form(() => ({ tenantId: 'nobody', attempt: '1' })),
    own: ['not found'],
    silent: true,
  },
  suspendTenantAction: {
    needs: 'tenants.suspend',
    ...form(() => ({ tenantId: 'nobody', reason: 'x' })),
    own: ['not found'],
    silent: true,
  },
  resumeTenantAction: {
    needs: 'tenants.resume',
    ...form(() => ({ tenantId: 'nobody' })),
    own: ['not found'],
    silent: true,
  },
  // Two visitors at once: the second is told that it is at work.
  runDoctorAction: {
    needs: 'doctor.run',
    ...form(() => ({ link: 'portal-role' })),
    own: ['ok', 'conflict'],
    silent: true,
  },
  diagnoseTenantAction: {
    needs: 'tenants.diagnose',
    ...form(() => ({ tenantId: 'nobody', link: 'portal-role' })),
    own: ['not found'],
    silent: true,
  },
  redriveMessageAction: {
    needs: 'queues.redrive',
    ...form(() => ({ queue: 'jobs', messageId: 'nobody' })),
    own: ['conflict'],
    silent: true,
  },
  redriveAllAction: {
    needs: 'queues.redrive',
    ...form(() => ({ queue: 'nothing' })),
    own: ['invalid'],
    silent: true,
  },
  discardMessageAction: {
    needs: 'queues.discard',
    ...form(() => ({ queue: 'jobs', messageId: 'nobody' })),
    own: ['conflict'],
    silent: true,
  },
  inviteAction: {
    needs: 'people.invite',
    ...form(() => ({ email: 'nobody', role: 'member' })),
    own: ['invalid'],
    silent: true,
  },
  // Whoever asks first signs the person out, or removes it.
  resendAction: {
    needs: 'people.send-invitation',
    ...form(({ person }) => ({ person })),
    own: ['conflict', 'not found'],
    absent: ['not found'],
    silent: true,
  },
  changeRoleAction: {
    needs: 'people.change-role',
    ...form(({ person }) => ({ person, role: 'scientist' })),
    own: ['ok', 'not found'],
    absent: ['not found'],
    silent: true,
  },
  setAccessAction: {
    needs: 'people.set-access',
    ...form(({ person }) => ({ person, disabled: 'no' })),
    own: ['ok', 'not found'],
    absent: ['not found'],
    silent: true,
  },
  removeAction: {
    needs: 'people.remove',
    ...form(({ person }) => ({ person })),
    own: ['ok', 'not found'],
    absent: ['not found'],
    silent: true,
  },
  // Forms of a version that nobody has seen: nothing of the policies changes.
  changePolicyAction: {
    needs: 'policies.change',
    ...form(() => ({ dataset: 'customers', base: '999999', 'mask.email': 'drop' })),
    own: ['conflict'],
  },
  endOverrideAction: {
    needs: 'policies.change',
    ...form(() => ({ dataset: 'customers', tenant: 'nobody', base: '999999' })),
    own: ['not found'],
  },
  // Of plans and versions that nobody has seen, likewise.
  createPlanAction: {
    needs: 'plans.create',
    ...form(() => ({ id: 'X', name: '' })),
    own: ['invalid'],
    silent: true,
  },
  changePlanAction: {
    needs: 'plans.change',
    ...form(() => ({ id: 'nothing', base: '999999', budgetBrake: 'warn' })),
    own: ['not found'],
    silent: true,
  },
  assignPlanAction: {
    needs: 'plans.assign',
    ...form(() => ({ tenantId: 'nobody', from: 'nothing', planId: 'standard' })),
    own: ['not found'],
    silent: true,
  },
  retirePlanAction: {
    needs: 'plans.retire',
    ...form(() => ({ id: 'nothing' })),
    own: ['not found'],
    silent: true,
  },
  scoreAllNowAction: { needs: 'scores.run', own: ['ok', 'conflict'] },
  cancelExtractAction: {
    needs: 'extracts.cancel',
    ...form(({ extract }) => ({ requestId: extract })),
    absent: ['not found'],
  },
  retryExtractAction: {
    needs: 'extracts.retry',
    ...form(({ extract }) => ({ requestId: extract, attempt: '1' })),
    absent: ['not found'],
  },
  testEndpointAction: {
    needs: 'models.test',
    ...form(({ endpoint }) => ({ endpoint })),
    // A name of no endpoint makes a report that says so.
    absent: ['ok'],
  },
  activateEndpointAction: {
    needs: 'models.activate',
    ...form(({ endpoint }) => ({ endpoint })),
    absent: ['not found', 'conflict'],
  },
  activateVersionAction: {
    needs: 'models.activate',
    ...form(({ version }) => ({ version })),
    own: ['ok', 'conflict'],
    absent: ['not found'],
  },
  backToDefaultAction: { needs: 'models.activate' },
  requestWorkbenchAction: {
    needs: 'workbench.request',
    ...form(() => ({ variantId: 'prod-annexstandard' })),
    own: ['ok', 'conflict'],
  },
  // Names of nothing: what runs is used by others at the same time.
  stopAppAction: {
    needs: 'running.stop',
    ...form(() => ({ domain: 'd-nothing', kind: 'profile', owner: 'nobody', type: 'JupyterLab', name: 'x' })),
    own: ['ok', 'conflict'],
    silent: true,
  },
  stopEndpointAction: {
    needs: 'running.stop',
    ...form(() => ({ endpoint: 'nothing-of-that-name' })),
    own: ['ok', 'conflict'],
    silent: true,
  },
  setIdleShutdownAction: {
    needs: 'running.set-idle',
    ...form(() => ({ 'JupyterLab.state': 'enabled', 'JupyterLab.minutes': '1' })),
    own: ['invalid'],
    silent: true,
  },
  retryStepAction: {
    needs: 'workbench.retry',
    ...form(({ workbench }) => ({ requestId: workbench, attempt: '1' })),
    absent: ['not found'],
  },
};
