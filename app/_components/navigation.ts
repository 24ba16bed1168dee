import type { NavItem } from '@/components/shell/nav-links';
import type { Actor } from '@/lib/domain/actor';
import { type Action, allows } from '@/lib/domain/authorize';

/** The pages that the menu can offer, each with the action that opens it. */
const pages: readonly (NavItem & { readonly action: Action })[] = [
  { href: '/workbench', label: 'Workbench', action: 'workbench.view' },
  { href: '/extracts', label: 'Extracts', action: 'extracts.list' },
  { href: '/model', label: 'Model', action: 'models.view' },
  { href: '/customers', label: 'Customers', action: 'customers.list' },
  { href: '/monitoring', label: 'Monitoring', action: 'monitoring.view' },
  { href: '/admin/tenants', label: 'Tenants', action: 'tenants.list' },
  { href: '/seller/listings', label: 'Listings', action: 'listings.view' },
];

/** The pages that somebody may open, the first of them being where they begin. What a page shows it decides itself. */
export const pagesOf = (person: Pick<Actor, 'roles'>): readonly NavItem[] =>
  pages.filter(({ action }) => allows(person, action)).map(({ href, label }) => ({ href, label }));
