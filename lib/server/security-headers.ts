import type { Env } from '@/lib/env';

type Settings = Pick<Env, 'NODE_ENV' | 'NEXTAUTH_URL' | 'COGNITO_DOMAIN' | 'ANNEX_STUDIO_ORIGIN'>;

/**
 * The content security policy of a page. Scripts and `<style>` elements need the nonce. Browsers check the redirects
 * of a submitted form against `form-action`, so sign-in, sign-out and Launch Studio name where they lead.
 */
export function contentSecurityPolicy(nonce: string, settings: Settings): string {
  const development = settings.NODE_ENV === 'development';
  const secure = settings.NEXTAUTH_URL.startsWith('https:');
  const hostedUi = new URL(settings.COGNITO_DOMAIN).origin;
  return [
    "default-src 'self'",
    // React's development build evaluates code to rebuild server stacks.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    // Style attributes only: widths and positions that React renders on the server.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    `form-action 'self' ${hostedUi} ${settings.ANNEX_STUDIO_ORIGIN}`,
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/** Headers of every response, in addition to its content security policy. */
export function securityHeaders(settings: Settings): Readonly<Record<string, string>> {
  const secure = settings.NEXTAUTH_URL.startsWith('https:');
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Stricter than the browser default; `no-referrer` would also remove the Origin header from our own forms.
    'referrer-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    ...(secure && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  };
}
