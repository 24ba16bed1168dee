import { NextRequest } from 'next/server';
import { renewSession } from '@/lib/server/renewal';
import {
  type CookieChange,
  readSession,
  type Session,
  sessionCookieName,
  writeSession,
} from '@/lib/server/session-cookie';
import { serveNextAuth, signOut, startSignIn } from '@/lib/server/sign-in';
import { signIn, TestBrowser, type TestPool } from './user-pool';

const secret = 'a-secret-of-more-than-thirty-two-characters';

/** The settings of a portal at `portal` that signs people in at `pool`. Nothing else that they name is there. */
export const portalSettings = (portal: string, pool: TestPool): Readonly<Record<string, string>> => ({
  NEXTAUTH_URL: portal,
  NEXTAUTH_SECRET: secret,
  LOG_LEVEL: 'silent',
  DATABASE_URL: 'postgresql://localhost/none',
  COGNITO_ISSUER: pool.issuer,
  COGNITO_DOMAIN: pool.origin,
  COGNITO_CLIENT_ID: pool.clientId,
  COGNITO_CLIENT_SECRET: pool.clientSecret,
  AWS_REGION: 'us-east-1',
  ANNEX_WORKBENCH_TABLE: 't',
  ANNEX_EXTRACTS_TABLE: 't',
  ANNEX_EXTRACT_JOB: 'j',
  DATABASE_REPLICA_URL: 'postgresql://x:y@127.0.0.1:1/z',
  ANNEX_JOBS_QUEUE_URL: 'http://localhost/q',
  ANNEX_EVENTS_QUEUE_URL: 'http://localhost/e',
  ANNEX_TENANT_ROLE_ARN: 'arn',
  ANNEX_TENANT_ACCOUNT_ROLE: 'r',
  ANNEX_STACK_SET: 's',
  ANNEX_ML_OU: 'o',
  ANNEX_ACCOUNT_EMAIL: 'aws+{tenant}@xyz.example',
  ANNEX_MAIL_FROM: 'annex@xyz.example',
  ANNEX_STUDIO_ORIGIN: 'http://localhost:4566',
});

/** A browser and the portal's sign-in in one process: what Next's routes and proxy would do with its requests. */
export class PortalBrowser {
  readonly jar = new Map<string, string>();
  readonly hostedUi = new TestBrowser();

  constructor(
    private readonly portal: string,
    private readonly pool: TestPool,
  ) {}

  async send(
    path: string,
    init: { form?: Record<string, string>; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = new NextRequest(new URL(path, this.portal), {
      headers: { cookie, ...init.headers },
      ...(init.form && { method: 'POST', body: new URLSearchParams(init.form) }),
      ...(init.body !== undefined && { method: 'POST', body: init.body }),
    });
    const { pathname } = request.nextUrl;
    const serve = pathname === '/sign-in' ? startSignIn : pathname === '/sign-out' ? signOut : null;
    const response = await (serve ? serve(request) : serveNextAuth(request, pathname.split('/').slice(3)));
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.keep([{ name, value: /max-age=0(;|$)/i.test(line) ? '' : decodeURIComponent(value) }]);
    }
    return response;
  }

  /** Landing page → hosted UI → callback; returns where the callback sends the browser. */
  async signIn(email: string, callbackUrl = '/customers'): Promise<URL> {
    const start = await this.send('/sign-in', { form: { callbackUrl } });
    const back = await signIn(this.hostedUi, this.pool, start.headers.get('location') ?? '', email);
    const end = await this.send(back.pathname + back.search);
    return new URL(end.headers.get('location') ?? '');
  }

  /** Signs out by the button of a page. */
  signOut(): Promise<Response> {
    return this.send('/sign-out', { form: {}, headers: { origin: this.portal } });
  }

  session(): Promise<Session | null> {
    return readSession(this.jar, sessionCookieName(this.portal), secret);
  }

  /** Takes cookies from an answer; an empty value removes one. */
  keep(changes: Iterable<Pick<CookieChange, 'name' | 'value'>>): void {
    for (const { name, value } of changes) {
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
  }

  /** Another browser with a copy of this one's cookies. */
  copy(): PortalBrowser {
    const copied = new PortalBrowser(this.portal, this.pool);
    for (const [name, value] of this.jar) copied.jar.set(name, value);
    return copied;
  }

  /** Makes the session's token as old as one that the next request renews. */
  async makeDue(): Promise<void> {
    const session = await this.session();
    if (!session) throw new Error('no session');
    const expiresAt = Math.floor(Date.now() / 1000) + 30;
    const due = { ...session, issuedAt: expiresAt - 900, expiresAt };
    this.keep(await writeSession(this.jar, due, { portalUrl: this.portal, secret }));
  }

  /** How the proxy changes the cookies before it serves a request. The browser does not keep them by itself. */
  renewal(): Promise<readonly CookieChange[]> {
    return renewSession(this.jar, 'a-request');
  }
}
