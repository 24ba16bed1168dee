import type { NavItem } from '@/components/shell/nav-links';
import type { Actor } from '@/lib/domain/actor';
import { type Action, allows } from '@/lib/domain/authorize';
import type { PageInfo } from '@/lib/server/page';
import { adminAuditPage } from '../(admin)/admin/audit/page-info';
import { costsPage } from '../(admin)/admin/costs/page-info';
import { newPlanPage } from '../(admin)/admin/plans/new/page-info';
import { plansPage } from '../(admin)/admin/plans/page-info';
import { policiesPage } from '../(admin)/admin/policies/page-info';
import { queuesPage } from '../(admin)/admin/queues/page-info';
import { newTenantPage } from '../(admin)/admin/tenants/new/page-info';
import { tenantsPage } from '../(admin)/admin/tenants/page-info';
import { exportPage } from '../(leaving)/export/page-info';
import { newListingPage } from '../(seller)/seller/listings/new/page-info';
import { listingsPage } from '../(seller)/seller/listings/page-info';
import { soldPage } from '../(seller)/seller/subscriptions/page-info';
import { auditPage } from '../(tenant)/audit/page-info';
import { costPage } from '../(tenant)/cost/page-info';
import { comparePage } from '../(tenant)/customers/compare/page-info';
import { importPage } from '../(tenant)/customers/import/page-info';
import { customersPage } from '../(tenant)/customers/page-info';
import { newExtractPage } from '../(tenant)/extracts/new/page-info';
import { extractsPage } from '../(tenant)/extracts/page-info';
import { marketplacePage } from '../(tenant)/marketplace/page-info';
import { modelPage } from '../(tenant)/model/page-info';
import { monitoringPage } from '../(tenant)/monitoring/page-info';
import { overviewPage } from '../(tenant)/overview/page-info';
import { peoplePage } from '../(tenant)/people/page-info';
import { subscriptionsPage } from '../(tenant)/subscriptions/page-info';
import { doctorPage } from '../(tenant)/workbench/doctor/page-info';
import { workbenchPage } from '../(tenant)/workbench/page-info';
import { runningPage } from '../(tenant)/workbench/running/page-info';

/** What the menu can offer, in its order. */
const pages: readonly PageInfo[] = [
  overviewPage,
  workbenchPage,
  extractsPage,
  modelPage,
  customersPage,
  monitoringPage,
  marketplacePage,
  subscriptionsPage,
  peoplePage,
  costPage,
  auditPage,
  tenantsPage,
  plansPage,
  costsPage,
  policiesPage,
  queuesPage,
  adminAuditPage,
  listingsPage,
  soldPage,
];

/** The pages that a person may open; the first is the start page. Each page decides itself what it shows. */
export const pagesOf = (person: Pick<Actor, 'roles'>): readonly NavItem[] =>
  pages
    .filter(({ action }) => allows(person, action))
    .map(({ path, title }) => ({ href: path, label: title }));

/** What the palette offers to do, and where it is done. */
const deeds: readonly (NavItem & { readonly action: Action })[] = [
  { label: 'Import orders', href: importPage.path, action: importPage.action },
  { label: 'New extract', href: newExtractPage.path, action: 'extracts.submit' },
  { label: 'Request workbench', href: workbenchPage.path, action: 'workbench.request' },
  { label: 'Open Studio', href: workbenchPage.path, action: 'studio.launch' },
  { label: 'See what runs', href: runningPage.path, action: runningPage.action },
  { label: 'Run doctor', href: doctorPage.path, action: 'doctor.run' },
  { label: 'Test endpoint', href: modelPage.path, action: 'models.test' },
  { label: 'Score all now', href: customersPage.path, action: 'scores.run' },
  { label: 'Invite a person', href: peoplePage.path, action: 'people.invite' },
  { label: 'Export your data', href: exportPage.path, action: exportPage.action },
  { label: 'Onboard tenant', href: newTenantPage.path, action: newTenantPage.action },
  { label: 'New plan', href: newPlanPage.path, action: newPlanPage.action },
  { label: 'New listing', href: newListingPage.path, action: newListingPage.action },
  { label: 'Compare models', href: comparePage.path, action: comparePage.action },
];

/** What a person may do, with the page where it is done. */
export const deedsOf = (person: Pick<Actor, 'roles'>): readonly NavItem[] =>
  deeds.filter(({ action }) => allows(person, action)).map(({ label, href }) => ({ href, label }));
