import { createHash } from 'node:crypto';

/**
 * Name of the Studio user profile of a user: readable from the e-mail address, unique by the Cognito `sub` (64 bits of its
 * SHA-256). Valid for SageMaker (letters, digits and single hyphens, at most 63), where names ignore case.
 */
export function profileName(userId: string, email: string): string {
  const local = (email.split('@')[0] ?? '').normalize('NFKD').toLowerCase();
  const readable = local
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  const unique = createHash('sha256').update(userId).digest('hex').slice(0, 16);
  return `${readable || 'user'}-${unique}`;
}
