import { expect, it } from 'vitest';
import { modelHref, readModelView } from './view';

it('goes to the address and back', () => {
  const view = { endpoint: 'churn-a', after: 'a/b=&c', before: 7 };
  const { search, hash } = new URL(modelHref(view, 'report'), 'https://annex.example');
  expect(readModelView(Object.fromEntries(new URLSearchParams(search)))).toEqual(view);
  expect(hash).toBe('#report');
  expect(modelHref({})).toBe('/model');
});

it('takes an address that means nothing for none', () => {
  const nothing = { endpoint: undefined, after: undefined, before: undefined };
  for (const params of [
    {},
    { endpoint: 'https://x', before: '0', after: '' },
    { endpoint: ['a', 'b'], before: '1e9', after: 'x'.repeat(9000) },
  ]) {
    expect(readModelView(params)).toEqual(nothing);
  }
});
