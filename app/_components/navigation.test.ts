import { expect, it } from 'vitest';
import { namesOfRoles } from '@/lib/domain/actor';
import { deedsOf, pagesOf } from './navigation';

it('shows each person the pages of their roles, beginning with their home', () => {
  expect(pagesOf({ roles: ['scientist'] }).map(({ href }) => href)).toEqual([
    '/overview',
    '/workbench',
    '/extracts',
    '/model',
    '/customers',
    '/monitoring',
    '/marketplace',
    '/subscriptions',
  ]);
  expect(pagesOf({ roles: ['member'] }).map(({ href }) => href)).toEqual(['/overview', '/customers']);
  expect(pagesOf({ roles: ['admin'] }).map(({ href }) => href)).toEqual([
    '/overview',
    '/admin/tenants',
    '/admin/plans',
    '/admin/costs',
    '/admin/policies',
    '/admin/queues',
    '/admin/audit',
  ]);
  expect(pagesOf({ roles: ['seller'] }).map(({ href }) => href)).toEqual([
    '/overview',
    '/seller/listings',
    '/seller/subscriptions',
  ]);
  expect(pagesOf({ roles: [] })).toEqual([]);
  expect(namesOfRoles(['scientist', 'admin'])).toBe('Data scientist, Administrator');
});

it('offers each person what their roles allow', () => {
  expect(deedsOf({ roles: ['scientist'] }).map(({ label }) => label)).toEqual([
    'Import orders',
    'New extract',
    'Request workbench',
    'Open Studio',
    'See what runs',
    'Run doctor',
    'Test endpoint',
    'Score all now',
    'Compare models',
  ]);
  expect(deedsOf({ roles: ['member'] })).toEqual([]);
  expect(deedsOf({ roles: ['seller'] }).map(({ label }) => label)).toEqual(['New listing']);
  expect(deedsOf({ roles: ['admin'] }).map(({ label }) => label)).toEqual(['Onboard tenant', 'New plan']);
});
