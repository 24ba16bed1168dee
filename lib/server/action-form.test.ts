import { expect, it } from 'vitest';
import { isActionCall } from './action-form';

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};
const id = '40a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

it('reads what a page’s script sends', () => {
  expect(isActionCall(formOf({ _1_endpoint: 'churn', '0': '[null,"$K1"]' }), true)).toBe(true);
  expect(isActionCall(formOf({ '0': '[null,"$K1"]' }), true)).toBe(true);
});

it.each([
  { '0': '[null,"$0:__proto__"]' },
  { '0': '["$n999"]' },
  { '0': '"$1:constructor:constructor"' },
  { '0': '['.repeat(50_000) },
  { '0': '[null,"$K1"]', '1': '"$@0"' },
  { '0': '[null,"$K1"]', _2_x: 'y' },
  { '0': '' },
])('refuses %j of a script', (fields) => {
  expect(isActionCall(formOf(fields as Record<string, string>), true)).toBe(false);
});

it('reads what a form without JavaScript sends, first and after a failure', () => {
  const action = { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${id}","bound":"$@1"}`, $ACTION_KEY: 'k123' };
  const failed = '[{"ok":false,"error":{"message":"$$5 are missing.","fields":"$undefined"}}]';
  for (const state of ['[null]', failed]) {
    expect(isActionCall(formOf({ ...action, '$ACTION_1:1': state, endpoint: '$K1' }), false)).toBe(true);
  }
  expect(isActionCall(formOf({ [`$ACTION_ID_${id}`]: '', endpoint: 'churn' }), false)).toBe(true);
  expect(isActionCall(formOf({ endpoint: 'churn' }), false)).toBe(true);
});

it.each([
  { '$ACTION_1:0': `{"id":"${id}","bound":"$@9"}` },
  { '$ACTION_1:0': `{"id":"${id}","bound":"$@1","x":1}` },
  { '$ACTION_1:0': '{' },
  { '$ACTION_1:1': '["$1:constructor"]' },
  { '$ACTION_1:1': `${'['.repeat(11)}${']'.repeat(11)}` },
  { '$ACTION_1:2': '[]' },
  { '$ACTION_x:0': '[]' },
  { $ACTION_ID_zz: '' },
])('refuses %j of a form', (fields) => {
  expect(isActionCall(formOf(fields as Record<string, string>), false)).toBe(false);
});
