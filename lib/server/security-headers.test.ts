import { expect, it } from 'vitest';
import { contentSecurityPolicy, securityHeaders } from './security-headers';

const settings = {
  NODE_ENV: 'production',
  NEXTAUTH_URL: 'https://annex.example',
  COGNITO_DOMAIN: 'https://sign-in.example/',
  ANNEX_STUDIO_ORIGIN: 'https://*.studio.us-east-1.sagemaker.aws',
} as const;

it('allows scripts by nonce alone, and forms to lead to the hosted UI and to Studio', () => {
  const policy = contentSecurityPolicy('abc', settings);
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
  expect(policy).toContain(
    "form-action 'self' https://sign-in.example https://*.studio.us-east-1.sagemaker.aws;",
  );
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

it('asks for https only where there is https', () => {
  expect(securityHeaders(settings)).toHaveProperty('strict-transport-security');
  const local = { ...settings, NEXTAUTH_URL: 'http://localhost:3000' };
  expect(securityHeaders(local)).not.toHaveProperty('strict-transport-security');
  expect(contentSecurityPolicy('abc', local)).not.toContain('upgrade-insecure-requests');
});
