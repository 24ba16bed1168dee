import { expect, it } from 'vitest';
import { modelHref, readModelView } from './view';

it('goes to the address and back', () => {
  const view = { endpoint: 'churn-a', after: 'a/b=&c', before: 7, activated: 3 };
  const { search, hash } = new URL(modelHref(view, 'report'), 'https://annex.example');
  expect(readModelView(Object.fromEntries(new URLSearchParams(search)))).toEqual(view);
  expect(hash).toBe('#report');
  expect(modelHref({})).toBe('/model');
  expect(readModelView({ activated: 'default' }).activated).toBe('default');
});

it('takes an address that means nothing for none', () => {
  const nothing = { endpoint: undefined, after: undefined, before: undefined, activated: undefined };
  for (const params of [
    {},
    { endpoint: 'https://x', before: '0', after: '', activated: '0' },
    { endpoint: ['a', 'b'], before: '1e9', after: 'x'.repeat(9000), activated: 'v3' },
  ]) {
    expect(readModelView(params)).toEqual(nothing);
  }
});
