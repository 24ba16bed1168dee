import { expect, it } from 'vitest';
import { passwordFault } from './password-policy';

const strict = {
  MinimumLength: 10,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
};

it.each([
  [{}, '1234567', 'Use at least 8 characters for the password.'],
  [{}, '12345678', null],
  [{}, ' 2345678', 'Begin and end the password with another character than a space.'],
  [strict, 'Aa1!aaaaa', 'Use at least 10 characters for the password.'],
  [strict, 'AA11!!AA11', 'The password needs a small letter.'],
  [strict, 'aa11!!aa11', 'The password needs a capital letter.'],
  [strict, 'aaAA!!aaAA', 'The password needs a digit.'],
  [strict, 'aaAA11aaAA', 'The password needs a special character.'],
  [strict, 'aaAA11!!aa', null],
])('of %o and %s says %s', (policy, password, fault) => {
  expect(passwordFault(policy, password)).toBe(fault);
});
