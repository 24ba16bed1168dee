import { createHash } from 'node:crypto';

/**
 * Name of a user's Studio user profile: the e-mail address makes it readable, 64 bits of the SHA-256 of the Cognito `sub` make it
 * unique. Valid for SageMaker (letters, digits and single hyphens, at most 63), which ignores case.
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
