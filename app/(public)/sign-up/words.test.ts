import { expect, it } from 'vitest';
import { signUpWords } from './words';

it('says whom to ask while sign-up is closed', () => {
  expect(signUpWords({ mode: 'closed', contact: 'Write to sales@example.com.' })).toEqual({
    open: false,
    title: 'Sign-up is closed',
    text: 'Nobody can sign an organisation up here at the moment. Write to sales@example.com.',
  });
  expect(signUpWords({ mode: 'closed', contact: null }).text).toContain('Ask whoever runs Annex for you.');
});

it('says what follows while it is open, and has a form', () => {
  expect(signUpWords({ mode: 'approval', contact: null })).toMatchObject({
    open: true,
    text: expect.stringContaining('An administrator decides'),
  });
  expect(signUpWords({ mode: 'open', contact: null })).toMatchObject({
    open: true,
    text: expect.not.stringContaining('administrator'),
  });
});
