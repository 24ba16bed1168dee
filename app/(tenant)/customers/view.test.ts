import { describe, expect, it } from 'vitest';
import { readView, viewHref } from './view';

describe('the address of the customers list', () => {
  it('reads back what it writes', () => {
    for (const view of [
      readView({}),
      readView({ order: 'spend-asc', band: 'high', q: 'a b&c', cursor: 'x==' }),
      readView({ order: 'id-asc' }),
    ]) {
      const url = new URL(viewHref(view), 'http://a.example');
      expect(readView(Object.fromEntries(url.searchParams))).toEqual(view);
    }
  });

  it('is bare for the default', () => {
    expect(viewHref(readView({ order: 'risk-desc', q: '  ' }))).toBe('/customers');
  });

  it('leaves out an order and a band that do not exist', () => {
    expect(readView({ order: 'salary-up', band: ['severe'] })).toMatchObject({
      sort: 'risk',
      direction: 'desc',
    });
    expect(readView({ order: 'id' })).toMatchObject({ sort: 'id', direction: 'asc' });
  });
});
