import { expect, it } from 'vitest';
import { modelHref, modelTabs, readModelView } from './view';

const read = (href: string) => {
  const { searchParams } = new URL(href, 'https://annex.example');
  return readModelView(Object.fromEntries(searchParams));
};

it('goes to the address and back', () => {
  for (const tab of modelTabs) {
    const view = { tab, endpoint: 'churn-a', after: 'a/b=&c', before: 7, activated: 3 };
    expect(read(modelHref(view))).toEqual(view);
  }
  expect(modelHref({ tab: 'test', endpoint: 'churn-a' }, 'report')).toBe('/model?endpoint=churn-a#report');
  expect(modelHref({ tab: 'in-use' })).toBe('/model?tab=in-use');
  expect(read(modelHref({ tab: 'in-use', activated: 'default' })).activated).toBe('default');
});

it('leads to the tests of endpoints by itself', () => {
  expect(modelHref({ tab: 'test' })).toBe('/model');
  expect(read('/model').tab).toBe('test');
});

it('takes an address that means nothing for none', () => {
  const nothing = {
    tab: 'test',
    endpoint: undefined,
    after: undefined,
    before: undefined,
    activated: undefined,
  };
  for (const params of [
    {},
    { tab: 'admin', endpoint: 'https://x', before: '0', after: '', activated: '0' },
    { tab: ['in-use'], endpoint: ['a', 'b'], before: '1e9', after: 'x'.repeat(9000), activated: 'v3' },
  ]) {
    expect(readModelView(params)).toEqual(nothing);
  }
});
