import { afterEach, expect, it } from 'vitest';
import { startPool, type TestPool, tokensOf } from '@/local/testing/user-pool';
import { createUserPool } from './cognito';
import { createRotation, type RotationPorts } from './rotation';
import type { Session } from './session-cookie';

const email = 'scientist@foo.example';
let pool: TestPool | undefined;
afterEach(() => pool?.stop());

/** A session at a pool that rotates refresh tokens, and two portals, each a process of its own as far as renewals go. */
async function twoPortals(retryGraceSeconds: number) {
  const opened = await startPool({ rotation: { retryGraceSeconds } });
  pool = opened;
  await opened.addDemoUsers();
  const { body } = await tokensOf(opened, email);
  const settings = {
    COGNITO_ISSUER: opened.issuer,
    COGNITO_DOMAIN: opened.origin,
    COGNITO_CLIENT_ID: opened.clientId,
    COGNITO_CLIENT_SECRET: opened.clientSecret,
    NEXTAUTH_URL: 'http://localhost:3999',
  };
  const people: RotationPorts['people'] = {
    findPerson: async () => ({ disabled: false, ended: false, tenant: null }),
    continueSession: async () => true,
    endAllSessions: async () => undefined,
  };
  const portal = () => {
    const rotate = createRotation({ pool: createUserPool(settings), people });
    return async (session: Session): Promise<Session | null> => {
      const rotated = await rotate({ session, requestId: 'a-request' });
      return rotated.state === 'fresh' ? rotated.session : null;
    };
  };
  const [payload = ''] = (body.id_token ?? '').split('.').slice(1);
  const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string };
  const session: Session = {
    sub,
    email,
    tenantId: 'foo',
    sellerId: null,
    roles: ['scientist'],
    issuedAt: 0,
    expiresAt: 1,
    signedInAt: 0,
    refreshToken: body.refresh_token ?? '',
  };
  return { portals: [portal(), portal()] as const, session };
}

it('of one session by two portals at once keeps the person signed in, with either answer', async () => {
  const { portals, session } = await twoPortals(60);
  for (const renewed of await Promise.all(portals.map((renew) => renew(session)))) {
    if (!renewed) throw new Error('signed out');
    expect(renewed.refreshToken).not.toBe(session.refreshToken);
    for (const renew of portals) expect(await renew(renewed)).not.toBeNull();
  }
});

it('needs the pool’s grace for that', async () => {
  const { portals, session } = await twoPortals(0);
  expect(await portals[0](session)).not.toBeNull();
  expect(await portals[1](session)).toBeNull();
});
