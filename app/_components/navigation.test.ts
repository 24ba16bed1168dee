import { expect, it } from 'vitest';
import { namesOfRoles, pagesOf } from './navigation';

it('shows each person the pages of their roles, beginning with their home', () => {
  expect(pagesOf(['scientist']).map(({ href }) => href)).toEqual([
    '/workbench',
    '/extracts',
    '/model',
    '/customers',
    '/monitoring',
  ]);
  expect(pagesOf(['member']).map(({ href }) => href)).toEqual(['/customers']);
  expect(pagesOf(['admin']).map(({ href }) => href)).toEqual(['/admin/tenants']);
  expect(pagesOf(['seller']).map(({ href }) => href)).toEqual(['/seller/listings']);
  expect(pagesOf([])).toEqual([]);
  expect(namesOfRoles(['scientist', 'admin'])).toBe('Data scientist, Administrator');
});
