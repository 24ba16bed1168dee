import { NextRequest } from 'next/server';
import { beforeEach, expect, it, vi } from 'vitest';
import type { TenantContext } from '@/lib/domain/context';
import { limits } from '@/lib/domain/extracts/limits';
import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { ExtractWorld } from '@/lib/domain/testing/extract-world';
import { AnnexError } from '@/lib/errors';
import { readRefusal } from '../refusal';

const now = vi.hoisted(() => ({ context: null as unknown }));
vi.mock('@/lib/server/context', () => ({
  contextFor: async () => {
    if (now.context === null) throw new AnnexError('unauthenticated', 'You are not signed in.');
    return { ...(now.context as TenantContext), log: silent };
  },
}));
vi.mock('@/lib/env', () => ({
  env: () => ({ NEXTAUTH_URL: 'http://localhost:3000' }),
  logSettings: () => ({ level: 'silent', service: 'test' }),
}));
const silent = { info: () => {}, warn: () => {}, error: () => {} };

const { POST } = await import('./route');

const requestId = '01KJMDEB80ABCDEFGHJKMNPQRS';
let world: ExtractWorld;
beforeEach(() => {
  world = new ExtractWorld();
  now.context = world.as('scientist');
});

async function post(more: Record<string, string> = {}): Promise<Response> {
  const request = new NextRequest('http://localhost:3000/extracts/new/submit', {
    method: 'POST',
    headers: { origin: 'http://localhost:3000', ...more },
    body: new URLSearchParams({ dataset: 'orders', request: requestId }),
  });
  return POST(request, { params: Promise.resolve({}) });
}

async function press(): Promise<string> {
  const response = await post();
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
}

const refusalIn = (location: string) => readRefusal(new URL(location, 'http://localhost').searchParams);

it('gives a form that failed its id back, so that sending it again makes one extract', async () => {
  const ctx = world.as('scientist');
  const send = async () => {
    throw new AnnexError('throttled', 'AWS is at its limit');
  };
  now.context = { ...ctx, ports: { ...ctx.ports, jobs: { send } } };
  expect(refusalIn(await press())).toEqual({ code: 'throttled', requestId });
  now.context = ctx;
  expect(await press()).toBe(`/extracts/${requestId}`);
  expect(world.single().requestId).toBe(requestId);
});

it('tells the organisation’s limit from that of AWS', async () => {
  for (let n = 0; n < limits.openPerTenant; n += 1) {
    await submitExtract(world.as('scientist'), { draft: { dataset: 'orders' } });
  }
  expect(refusalIn(await press())).toEqual({ code: 'limit', requestId });
});

it('tells the page’s script where to go, and whom it has to send to sign-in', async () => {
  const script = { accept: 'application/json' };
  expect(await (await post(script)).json()).toEqual({ href: `/extracts/${requestId}` });
  now.context = null;
  const refused = await post(script);
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ code: 'unauthenticated', message: 'You are not signed in.' });
  expect(refusalIn(await press())).toEqual({ code: 'unauthenticated', requestId });
});

it.each(['multipart/form-data', 'application/json', ''])(
  'takes what is no form for an empty one: %j',
  async (type) => {
    const request = new NextRequest('http://localhost:3000/extracts/new/submit', {
      method: 'POST',
      headers: { origin: 'http://localhost:3000', 'content-type': type },
      body: '{',
    });
    const response = await POST(request, { params: Promise.resolve({}) });
    expect(refusalIn(response.headers.get('location') ?? '')).toEqual({ code: 'invalid', requestId: null });
    expect(world.extracts.size).toBe(0);
  },
);
