import fc from 'fast-check';
import { NextRequest } from 'next/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { action } from './action';
import { contextFor, refusalReason } from './context';
import { pageContext, visitor } from './page';
import type { Person } from './people';
import { openRoute, pageRoute, route } from './route';
import { seeOther } from './see-other';
import type { CurrentSession } from './session';
import { type EndReason, writeSession } from './session-cookie';
import { viewerOf } from './viewer';

const incoming = vi.hoisted(() => ({
  session: null as unknown,
  end: null as EndReason | null,
  person: null as unknown,
  headers: new Headers(),
  cookies: new Map<string, string>(),
  refusals: [] as unknown[],
}));
const settings = vi.hoisted(() => ({
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: 'a-secret-of-more-than-thirty-two-characters',
}));

vi.mock('next/headers', () => ({
  headers: async () => incoming.headers,
  cookies: async () => ({
    set: ({ name, value }: { name: string; value: string }) => incoming.cookies.set(name, value),
  }),
}));
vi.mock('next/navigation', () => ({
  redirect: (to: string) => {
    throw new Error(`redirect ${to}`);
  },
  forbidden: () => {
    throw new Error('forbidden page');
  },
  unstable_rethrow: (error: unknown) => {
    if (error instanceof Error && error.message.startsWith('redirect ')) throw error;
  },
}));
vi.mock('./session', () => ({
  currentSession: async () => incoming.session,
  endOfSession: async () => incoming.end,
}));
vi.mock('./people', () => ({
  findPerson: async () => incoming.person,
  recordRefusal: async ({ sub }: CurrentSession, action: string, requestId: string) =>
    void incoming.refusals.push([sub, action, requestId]),
}));
vi.mock('@/lib/deps', () => ({
  tenantPorts: (id: string) => ({ of: id }),
  controlPorts: () => ({ of: 'control' }),
  sellerPorts: (id: string) => ({ of: id }),
}));
vi.mock('@/lib/env', () => ({
  env: () => settings,
  logSettings: () => ({ level: 'silent', service: 'test' }),
}));

const foo = { id: 'foo', name: 'Foo', state: 'active', accountId: null, createdAt: new Date(0) } as const;
const scientist: CurrentSession = {
  sub: 'sub',
  email: 'ada@foo.example',
  tenantId: 'foo',
  sellerId: null,
  roles: ['scientist'],
  issuedAt: 0,
  expiresAt: 1,
  signedInAt: 0,
};

function as(session: Partial<CurrentSession> | null, person: Partial<Person> = {}): void {
  incoming.session = session && { ...scientist, ...session };
  incoming.person = { disabled: false, ended: false, tenant: foo, ...person };
}

beforeEach(() => {
  as({});
  incoming.end = null;
  incoming.refusals = [];
  incoming.cookies.clear();
  incoming.headers = new Headers({
    'x-request-id': 'request-1',
    'x-annex-path': '/customers?band=high',
    origin: 'http://localhost:3000',
  });
});

const customers = { action: 'customers.list', scope: 'tenant' } as const;
const tenants = { action: 'tenants.list', scope: 'control' } as const;

const refusal = (access: Parameters<typeof contextFor>[0]) =>
  contextFor(access).then(
    () => 'allowed',
    (error: AnnexError) => `${error.code}: ${error.message}`,
  );

describe('the guard', () => {
  it('lets a scientist into the own tenant, and gives its ports alone', async () => {
    const ctx = await contextFor(customers);
    expect(ctx).toMatchObject({ tenant: foo, ports: { of: 'foo' }, requestId: 'request-1' });
    expect(ctx.actor).toEqual({ id: 'sub', name: 'ada@foo.example', roles: ['scientist'] });
  });

  it.each([
    ['nobody', null, {}, /^unauthenticated: You are not signed in/],
    ['a session that was ended', {}, { ended: true }, /^unauthenticated: Your session has ended/],
    [
      'a user disabled since sign-in',
      {},
      { disabled: true, ended: true },
      /^forbidden: Your user is disabled/,
    ],
    [
      'a tenant suspended since sign-in',
      {},
      { tenant: { ...foo, state: 'suspended' } },
      /^forbidden: Your organisation is suspended/,
    ],
    [
      'a tenant that does not exist',
      {},
      { tenant: null },
      /^forbidden: Annex doesn’t know your organisation/,
    ],
    [
      'a scientist without a tenant',
      { tenantId: null },
      { tenant: null },
      /^forbidden: Your user isn’t assigned to an organisation/,
    ],
    ['a user without a known group', { roles: [] }, {}, /^forbidden: Your user has no role/],
    [
      'an admin',
      { roles: ['admin'], tenantId: null },
      { tenant: null },
      /^forbidden: Your role doesn’t include/,
    ],
  ] as const)('refuses %s in a tenant', async (_, session, person, expected) => {
    as(session as Partial<CurrentSession> | null, person as Partial<Person>);
    expect(await refusal(customers)).toMatch(expected);
  });

  it('lets an admin across tenants and a scientist not', async () => {
    expect(await refusal(tenants)).toMatch(/^forbidden/);
    as({ roles: ['admin'], tenantId: null }, { tenant: null });
    expect(await contextFor(tenants)).toMatchObject({ ports: { of: 'control' } });
    as({ roles: ['admin'] }, { disabled: true });
    expect(await refusal(tenants)).toMatch(/disabled/);
  });

  it('gives each role of a person what it works in, and refuses nothing else of somebody with several', async () => {
    const overview = { action: 'overview.view', scope: 'person' } as const;
    const given = async () => {
      const { tenant, control, seller, refusal: why } = await contextFor(overview);
      return [tenant?.ports ?? null, control?.ports ?? seller?.ports ?? null, why];
    };
    expect(await given()).toEqual([{ of: 'foo' }, null, null]);
    as({ roles: ['admin'], tenantId: 'foo' });
    expect(await given()).toEqual([null, { of: 'control' }, null]);
    as({ roles: ['seller'], tenantId: 'foo', sellerId: 'models' });
    expect(await given()).toEqual([null, { of: 'models' }, null]);
    as({ roles: ['seller'] });
    expect(await refusal(overview)).toMatch(/isn’t assigned to a seller/);
    as({ roles: ['scientist', 'seller'] });
    expect(await given()).toEqual([{ of: 'foo' }, null, expect.stringContaining('seller')]);
    as({ roles: ['scientist', 'admin'] });
    expect(await given()).toEqual([{ of: 'foo' }, { of: 'control' }, null]);
    const suspended = { tenant: { ...foo, state: 'suspended' } } as const;
    as({ roles: ['scientist', 'admin'] }, suspended);
    expect(await given()).toEqual([null, { of: 'control' }, expect.stringContaining('suspended')]);
    as({}, suspended);
    expect(await refusal(overview)).toMatch(/^forbidden: Your organisation is suspended/);
    as({ roles: ['scientist', 'admin'] }, { disabled: true });
    expect(await refusal(overview)).toMatch(/disabled/);
  });

  it('says why, for the page in place of the one refused', async () => {
    expect(await refusalReason()).toMatch(/^Your role doesn’t include/);
    as({}, { tenant: { ...foo, state: 'suspended' } });
    expect(await refusalReason()).toMatch(/suspended/);
  });
});

describe('a page', () => {
  it('sends somebody who is not signed in to sign-in and back', async () => {
    as(null);
    await expect(pageContext(customers)).rejects.toThrow(
      'redirect /sign-in?callbackUrl=%2Fcustomers%3Fband%3Dhigh',
    );
  });

  it.each([
    ['expired', 'SessionExpired', 'has expired'],
    ['changed', 'SessionChanged', 'has changed'],
    ['disabled', 'SessionDisabled', 'is disabled'],
    ['ended', 'SessionEnded', 'has ended'],
  ] as const)('says that the session is %s, and leads back', async (end, error, words) => {
    as(null);
    incoming.end = end;
    await expect(pageContext(customers)).rejects.toThrow(
      `redirect /auth-error?callbackUrl=%2Fcustomers%3Fband%3Dhigh&error=${error}`,
    );
    expect(await refusal(customers)).toContain(words);
  });

  it('sends somebody whose session was ended elsewhere to the page that says so', async () => {
    as({}, { ended: true });
    await expect(pageContext(customers)).rejects.toThrow(/^redirect \/auth-error\?.*error=SessionEnded/);
  });

  it('that anybody may open knows a visitor only while the session lasts', async () => {
    expect((await visitor())?.id).toBe('sub');
    as({}, { ended: true });
    expect(await visitor()).toBeNull();
    as(null);
    expect(await visitor()).toBeNull();
    as({}, { disabled: true });
    await expect(visitor()).rejects.toThrow('forbidden page');
  });

  it('is replaced for somebody who may not see it', async () => {
    await expect(pageContext(tenants)).rejects.toThrow('forbidden page');
  });
});

describe('a refusal', () => {
  const refused = ['sub', 'tenants.list', 'request-1'];
  const handler = route(tenants, async () => Response.json({}));
  const call = () =>
    handler(new NextRequest('http://localhost:3000/x', { headers: incoming.headers }), {
      params: Promise.resolve({}),
    });

  it('of a page, an action and a route is audited', async () => {
    await expect(pageContext(tenants)).rejects.toThrow('forbidden page');
    expect(await action(tenants, async () => 1)(null, new FormData())).toMatchObject({ ok: false });
    expect((await call()).status).toBe(403);
    expect(incoming.refusals).toEqual([refused, refused, refused]);
  });

  it('by what an action or a route runs is audited, too', async () => {
    const refuse = async () => {
      throw new AnnexError('forbidden', 'Not yours.');
    };
    await action(customers, refuse)(null, new FormData());
    await route(customers, refuse)(
      new NextRequest('http://localhost:3000/x', { headers: incoming.headers }),
      {
        params: Promise.resolve({}),
      },
    );
    expect(incoming.refusals).toEqual(Array(2).fill(['sub', 'customers.list', 'request-1']));
  });

  it('is no refusal for other failures, nor of somebody who is not signed in', async () => {
    await action(customers, async () => {
      throw new AnnexError('not_found', 'Nothing.');
    })(null, new FormData());
    as({}, { ended: true });
    expect((await call()).status).toBe(401);
    as(null);
    expect((await call()).status).toBe(401);
    expect(incoming.refusals).toEqual([]);
  });
});

describe('a server action', () => {
  const form = (fields: Record<string, string> = {}) => {
    const filled = new FormData();
    for (const [name, value] of Object.entries(fields)) filled.set(name, value);
    return filled;
  };
  const echo = action(customers, async (_, _before: unknown, sent) => String(sent.get('value')));

  it('answers with data, or with what is wrong', async () => {
    const double = action(customers, async (_, _before: unknown, sent) => {
      const value = Number(sent.get('value'));
      if (value < 0)
        throw new AnnexError('invalid', 'value: is negative', { fields: { value: 'is negative' } });
      return value * 2;
    });
    expect({ action: double.action, scope: double.scope }).toEqual(customers);
    expect(await double(null, form({ value: '2' }))).toEqual({ ok: true, data: 4 });
    expect(await double(null, form({ value: '-1' }))).toMatchObject({
      ok: false,
      error: { code: 'invalid', fields: { value: 'is negative' } },
    });
    as(null);
    expect(await double(null, form())).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    // Next compares `Origin` with this header, which anybody may send.
    [{ origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{}],
  ])('refuses a request that did not come from our own pages: %j', async (headers) => {
    incoming.headers = new Headers(Object.entries(headers));
    expect(await echo(null, form({ value: 'x' }))).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    incoming.headers = new Headers({ 'sec-fetch-site': 'same-origin' });
    expect(await echo(null, form({ value: 'x' }))).toEqual({ ok: true, data: 'x' });
  });

  it('refuses whatever is not a form', async () => {
    const called = echo as (...given: unknown[]) => Promise<unknown>;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.anything(), { maxLength: 3 }), async (given) => {
        expect(await called(...given)).toMatchObject({ ok: false, error: { code: 'invalid' } });
      }),
      { numRuns: 10_000 },
    );
  });

  it('hides what it does not know, and lets redirects pass', async () => {
    const broken = action(customers, async () => {
      throw new Error('secret');
    });
    expect(JSON.stringify(await broken(null, form()))).not.toContain('secret');
    const moving = action(customers, async () => {
      throw new Error('redirect /x');
    });
    await expect(moving(null, form())).rejects.toThrow('redirect /x');
  });

  it('does nothing for a form that was made for somebody else', async () => {
    const run = vi.fn(async (_: unknown, __: unknown, form: FormData) => form.get('name'));
    const press = action(customers, run);
    const form = (viewer: string) => {
      const data = new FormData();
      data.set('name', 'x');
      data.set('viewer', viewer);
      return data;
    };
    expect(await press(null, form(viewerOf(scientist)))).toEqual({ ok: true, data: 'x' });
    for (const other of [
      { ...scientist, sub: 'other' },
      { ...scientist, tenantId: 'bar' },
    ]) {
      await expect(press(null, form(viewerOf(other)))).rejects.toThrow('redirect /customers?band=high');
    }
    expect(run).toHaveBeenCalledTimes(1);
    expect(incoming.cookies.has('annex.viewer-changed')).toBe(true);
  });
});

describe('a route', () => {
  const handler = route(customers, async (ctx) => Response.json({ tenant: ctx.tenant.id }));
  const call = (init: { method?: string; headers?: Record<string, string> } = {}) =>
    handler(new NextRequest('http://localhost:3000/x', init), { params: Promise.resolve({}) });

  it('carries what it asks for, and answers uncached', async () => {
    expect({ action: handler.action, scope: handler.scope }).toEqual(customers);
    const response = await call();
    expect(await response.json()).toEqual({ tenant: 'foo' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('answers refusals as problem documents', async () => {
    as(null);
    const response = await call();
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('takes changes from our own pages alone', async () => {
    expect((await call({ method: 'POST' })).status).toBe(403);
    expect((await call({ method: 'POST', headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await call({ method: 'POST', headers: { origin: 'http://localhost:3000' } })).status).toBe(200);
  });

  it('may answer a problem by a page that explains it', async () => {
    const opened = pageRoute<'tenant', { id: string }>(
      customers,
      async (_, request) => {
        throw new AnnexError('conflict', `not ${await request.clone().text()}`);
      },
      async ({ code, message }, request, { id }) =>
        seeOther(`/${id}/${code}: ${message}, ${await request.text()}`),
    );
    expect({ action: opened.action, scope: opened.scope }).toEqual(customers);
    const press = async (headers: Record<string, string>) => {
      const request = new NextRequest('http://localhost:3000/x', { method: 'POST', headers, body: 'now' });
      const response = await opened(request, { params: Promise.resolve({ id: 'a' }) });
      expect(response.headers.get('cache-control')).toBe('no-store');
      return response.headers.get('location');
    };
    expect(await press({ origin: 'http://localhost:3000' })).toBe('/a/conflict: not now, now');
    expect(await press({ origin: 'https://evil.example' })).toMatch(/^\/a\/forbidden: .*, now$/);
  });

  it('does nothing for a form that was made for somebody else', async () => {
    const to = { portalUrl: settings.NEXTAUTH_URL, secret: settings.NEXTAUTH_SECRET };
    const session = await writeSession(new Map(), { ...scientist, refreshToken: 'r' }, to);
    const run = vi.fn(async () => Response.json({}));
    const press = async (viewer: string) => {
      const headers = {
        origin: 'http://localhost:3000',
        cookie: session.map(({ name, value }) => `${name}=${value}`).join('; '),
      };
      const body = new URLSearchParams({ viewer });
      const request = new NextRequest('http://localhost:3000/x', { method: 'POST', headers, body });
      return route(customers, run)(request, { params: Promise.resolve({}) });
    };
    expect((await press(viewerOf(scientist))).status).toBe(200);
    const refused = await press(viewerOf({ ...scientist, sub: 'other' }));
    expect(refused.status).toBe(303);
    expect(refused.headers.get('location')).toBe('/');
    expect(refused.headers.get('set-cookie')).toContain('annex.viewer-changed=1');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('gives no file for a link that was made for somebody else', async () => {
    const to = { portalUrl: settings.NEXTAUTH_URL, secret: settings.NEXTAUTH_SECRET };
    const session = await writeSession(new Map(), { ...scientist, refreshToken: 'r' }, to);
    const cookie = session.map(({ name, value }) => `${name}=${value}`).join('; ');
    const run = vi.fn(async () => new Response('a file'));
    const follow = (query: string, headers: Record<string, string> = { cookie }) =>
      route(customers, run)(new NextRequest(`http://localhost:3000/x${query}`, { headers }), {
        params: Promise.resolve({}),
      });
    for (const query of ['', '?band=high', `?band=high&viewer=${viewerOf(scientist)}`])
      expect(await (await follow(query)).text(), query).toBe('a file');
    expect(run).toHaveBeenCalledTimes(3);
    for (const query of [`?viewer=${viewerOf({ ...scientist, tenantId: 'bar' })}`, '?viewer=']) {
      const refused = await follow(query);
      expect(refused.status).toBe(303);
      expect(refused.headers.get('location')).toBe('/');
      expect(refused.headers.get('set-cookie')).toContain('annex.viewer-changed=1');
    }
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('may be open, with a reason', async () => {
    as(null);
    const open = openRoute('for the load balancer', async () => Response.json({ status: 'ok' }));
    expect(open.open).toBe('for the load balancer');
    const response = await open(new NextRequest('http://localhost:3000/x'), { params: Promise.resolve({}) });
    expect(response.status).toBe(200);
  });
});
