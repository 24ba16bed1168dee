import { expect, it } from 'vitest';
import { whereIn } from './place';

it('says where a page is in its list', () => {
  expect(whereIn({ first: 1, total: 23570 }, 50, 'customer')).toBe('1–50 of 23,570 customers');
  expect(whereIn({ first: 1201, total: 1234 }, 34, 'tenant')).toBe('1,201–1,234 of 1,234 tenants');
  expect(whereIn({ first: 1, total: 1 }, 1, 'order')).toBe('1–1 of 1 order');
});

it('says what it shows where the place is unknown', () => {
  expect(whereIn(null, 25, 'extract', 'newest first')).toBe('Showing 25 extracts, newest first');
  expect(whereIn(null, 1, 'customer')).toBe('Showing 1 customer');
});
