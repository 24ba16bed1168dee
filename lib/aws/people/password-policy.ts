import type { PasswordPolicyType } from '@aws-sdk/client-cognito-identity-provider';

/** Source: "Adding user pool password requirements", Amazon Cognito Developer Guide. */
const kinds = [
  ['RequireLowercase', /[a-z]/, 'a small letter'],
  ['RequireUppercase', /[A-Z]/, 'a capital letter'],
  ['RequireNumbers', /\d/, 'a digit'],
  ['RequireSymbols', /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/, 'a special character'],
] as const;

/** Why a pool with that policy does not take the password; null if it does. */
export function passwordFault(policy: PasswordPolicyType, password: string): string | null {
  const least = policy.MinimumLength ?? 8;
  if (password.length < least) return `Use at least ${least} characters for the password.`;
  if (password.trim() !== password) return 'Begin and end the password with another character than a space.';
  const [missing] = kinds.filter(([name, pattern]) => policy[name] && !pattern.test(password));
  return missing ? `The password needs ${missing[2]}.` : null;
}
