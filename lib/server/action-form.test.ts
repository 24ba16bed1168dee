import { expect, it } from 'vitest';
import { isActionCall, isPlainMultipart } from './action-form';

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};
const any = new Set<string>();
const id = '40a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

it('reads what a page’s script sends', () => {
  expect(isActionCall(formOf({ _1_endpoint: 'churn', '0': '[null,"$K1"]' }), true, any)).toBe(true);
  expect(isActionCall(formOf({ '0': '[null,"$K1"]' }), true, any)).toBe(true);
});

it.each([
  { '0': '[null,"$0:__proto__"]' },
  { '0': '["$n999"]' },
  { '0': '"$1:constructor:constructor"' },
  { '0': '['.repeat(50_000) },
  { '0': '[null,"$K1"]', '1': '"$@0"' },
  { '0': '[null,"$K1"]', _2_x: 'y' },
  { '0': '' },
  {},
  { _1_endpoint: 'churn' },
])('refuses %j of a script', (fields) => {
  expect(isActionCall(formOf(fields as Record<string, string>), true, any)).toBe(false);
});

it('reads what a form without JavaScript sends, first and after a failure', () => {
  const action = { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${id}","bound":"$@1"}`, $ACTION_KEY: 'k123' };
  const failed = '[{"ok":false,"error":{"message":"$$5 are missing.","fields":"$undefined"}}]';
  for (const state of ['[null]', failed]) {
    expect(isActionCall(formOf({ ...action, '$ACTION_1:1': state, endpoint: '$K1' }), false, any)).toBe(true);
  }
  expect(isActionCall(formOf({ [`$ACTION_ID_${id}`]: '', endpoint: 'churn' }), false, any)).toBe(true);
  const known = { [`$ACTION_ID_${id}`]: '' };
  expect(isActionCall(formOf(known), false, new Set([id]))).toBe(true);
  expect(isActionCall(formOf({ ...action, '$ACTION_1:1': '[null]' }), false, new Set([id]))).toBe(true);
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
  // Next writes a stack trace to the log for each of these.
  {},
  { endpoint: 'churn' },
  { $ACTION_KEY: 'k123' },
  { $ACTION_REF_1: '' },
  { $ACTION_REF_1: '', '$ACTION_2:0': `{"id":"${id}","bound":null}` },
  { '$ACTION_1:0': `{"id":"${id}","bound":null}` },
  { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${id}","bound":"$@1"}` },
  { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${id}","bound":null}`, [`$ACTION_ID_${id}`]: '' },
])('refuses %j of a form', (fields) => {
  expect(isActionCall(formOf(fields as Record<string, string>), false, any)).toBe(false);
});

it('refuses an action that is none of this build', () => {
  const others = new Set(['40ff']);
  const bound = { $ACTION_REF_1: '', '$ACTION_1:0': `{"id":"${id}","bound":"$@1"}`, '$ACTION_1:1': '[null]' };
  for (const fields of [{ [`$ACTION_ID_${id}`]: '' }, bound]) {
    expect(isActionCall(formOf(fields as Record<string, string>), false, any)).toBe(true);
    expect(isActionCall(formOf(fields as Record<string, string>), false, others)).toBe(false);
  }
});

it('refuses the arguments of an action twice', () => {
  const form = formOf({ '0': '[null,"$K1"]' });
  form.append('0', '[null,"$K1"]');
  expect(isActionCall(form, true, any)).toBe(false);
});

const typeOf = (boundary: string) => `multipart/form-data; boundary=${boundary}`;
const part = (head: string, value = 'x') => `--b\r\n${head}\r\n\r\n${value}\r\n`;
const named = (name: string) => `content-disposition: form-data; name="${name}"`;

it('reads the fields of every writer of forms', async () => {
  const form = formOf({ '0': '[null,"$K1"]', _1_endpoint: 'a\nb "c" é \0', '_1_a"b\n': '' });
  const written = new Response(form);
  const type = written.headers.get('content-type') ?? '';
  expect(isPlainMultipart(type, Buffer.from(await written.arrayBuffer()))).toBe(true);
  for (const boundary of [
    '----WebKitFormBoundaryA1b2',
    '----geckoformboundary7f',
    '---------------------------12',
  ]) {
    const body = `${part(named('a')).replace('--b', `--${boundary}`)}--${boundary}--\r\n`;
    expect(isPlainMultipart(typeOf(boundary), Buffer.from(body)), boundary).toBe(true);
  }
  expect(isPlainMultipart(typeOf('b'), Buffer.from('--b--\r\n'))).toBe(true);
});

it.each([
  `${part(`${named('a')}; filename="x"`)}--b--\r\n`,
  `${part(`${named('a')}; filename="x"\r\ncontent-transfer-encoding: base64`)}--b--\r\n`,
  `${part(named('a\u0001'))}--b--\r\n`,
  `${part(`${named('a')}\r\nx: \u0001`)}--b--\r\n`,
  `${part(named(''))}--b--\r\n`,
  `${part('content-disposition: form-data')}--b--\r\n`,
  `x${part(named('a'))}--b--\r\n`,
  part(named('a')),
  `${part(named('a'))}--b--\r\nx`,
  '',
])('refuses %j as no plain form', (body) => {
  expect(isPlainMultipart(typeOf('b'), Buffer.from(body))).toBe(false);
});

it.each(['', 'multipart/form-data', typeOf(''), typeOf('b; charset=utf-7'), 'text/plain'])(
  'refuses the type %j',
  (type) => {
    expect(isPlainMultipart(type, Buffer.from(`${part(named('a'))}--b--\r\n`))).toBe(false);
  },
);
