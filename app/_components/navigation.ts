import type { NavItem } from '@/components/shell/nav-links';
import type { Role } from '@/lib/domain/actor';

const pages: readonly (NavItem & { readonly roles: readonly Role[] })[] = [
  { href: '/workbench', label: 'Workbench', roles: ['scientist'] },
  { href: '/extracts', label: 'Extracts', roles: ['scientist'] },
  { href: '/model', label: 'Model', roles: ['scientist'] },
  { href: '/customers', label: 'Customers', roles: ['scientist', 'member'] },
  { href: '/monitoring', label: 'Monitoring', roles: ['scientist'] },
  { href: '/admin/tenants', label: 'Tenants', roles: ['admin'] },
  { href: '/seller/listings', label: 'Listings', roles: ['seller'] },
];

const roleNames: Readonly<Record<Role, string>> = {
  scientist: 'Data scientist',
  member: 'Member',
  admin: 'Administrator',
  seller: 'Seller',
  system: 'System',
};

/** The pages that the roles may open; the first is the start page. Each page decides itself what it shows. */
export const pagesOf = (roles: readonly Role[]): readonly NavItem[] =>
  pages
    .filter((page) => page.roles.some((role) => roles.includes(role)))
    .map(({ href, label }) => ({ href, label }));

/** `Data scientist, Member` */
export const namesOfRoles = (roles: readonly Role[]): string =>
  roles.map((role) => roleNames[role]).join(', ');
