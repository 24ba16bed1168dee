import { expect, it } from 'vitest';
import { callbackPath } from './callback-url';

const origin = 'http://localhost:3000';

it('keeps pages of our own', () => {
  expect(callbackPath('/customers?band=high#top', origin)).toBe('/customers?band=high#top');
  expect(callbackPath('http://localhost:3000/workbench', origin)).toBe('/workbench');
});

it.each([
  'https://evil.example/',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  'http://localhost:3000//evil.example',
  'http://localhost:3000.evil.example/',
  'http://localhost:3000@evil.example/',
  'http://localhost:3001/',
  'javascript:alert(1)',
  'data:text/html,hello',
  'blob:http://localhost:3000/0d7b6a52-55ec-4d2c-bc8c-4a5e3c1d7f10',
  'filesystem:http://localhost:3000/temporary/x',
  'http://[bad',
  '/sign-in?callbackUrl=/x',
  '/api/auth/signout',
  '/auth-error',
  '',
  null,
  undefined,
])('goes home instead of %j', (wanted) => {
  expect(callbackPath(wanted, origin)).toBe('/');
});
