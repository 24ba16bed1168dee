import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '@/lib/env';
import { type FairQueue, fairQueue } from '@/lib/fair-queue';
import { readSession, sessionCookieName } from '@/lib/server/session-cookie';
import type { Turn } from '@/lib/turn';
import { cookiesOf } from './cookies';
import { pathOf } from './inspect';
import { onEnd } from './paced-response';
import { type Refusal, Refused } from './refusal';

/** A tenant's share of the requests in progress, most of which wait for something. */
const inProgress = { perKey: 24, inAll: 256, waiting: 200, waitMs: 20_000 };

/**
 * A tenant's share of the portal's one thread. A request that waits for AWS or the replica needs none. One that works delays
 * another tenant by what is left of its step, so each tenant has one.
 */
const atWork = { perKey: 1, inAll: 64, waiting: inProgress.perKey, waitMs: 20_000 };

const tooMany: Refusal = {
  status: 429,
  title: 'Too many requests',
  detail: 'Your organisation has too many requests in progress. Nothing was changed. Try again in a moment.',
  headers: { 'retry-after': '5' },
};

/**
 * Ids of the requests in progress. After an action that redirects, Next asks this server for the page with the action's own
 * headers: that belongs to the turn of the action, which waits for it.
 */
const within = new Set<string>();
const withinHeader = 'x-annex-within';

interface Queues {
  readonly inProgress: FairQueue;
  readonly atWork: FairQueue;
}

type Settings = Pick<Env, 'NEXTAUTH_SECRET' | 'NEXTAUTH_URL'>;
type TakeTurn = (request: IncomingMessage, response: ServerResponse) => Promise<Turn | null>;

/**
 * Returns a function that waits for the turn of a request: that of the signed-in person's tenant. Null for everybody else, who
 * waits for none: what strangers get is cheap. It throws a 429 as `Refused`.
 */
export function createTurns(settings: Settings): TakeTurn {
  const refusal = () => new Refused(tooMany);
  const queues = {
    inProgress: fairQueue({ ...inProgress, refusal }),
    atWork: fairQueue({ ...atWork, refusal }),
  };
  return (request, response) => takeTurn(request, response, settings, queues);
}

async function takeTurn(
  request: IncomingMessage,
  response: ServerResponse,
  { NEXTAUTH_URL: url, NEXTAUTH_SECRET: secret }: Settings,
  { inProgress, atWork }: Queues,
): Promise<Turn | null> {
  if (pathOf(request.url).startsWith('/_next/static/')) return null;
  if (within.has(String(request.headers[withinHeader]))) return null;
  const id = randomUUID();
  within.add(id);
  request.headers[withinHeader] = id;
  onEnd(response, () => within.delete(id));
  const session = await readSession(cookiesOf(request.headers.cookie), sessionCookieName(url), secret);
  const tenantId = session?.tenantId;
  if (!tenantId) return null;
  const gone = new AbortController();
  onEnd(response, () => gone.abort(new Refused(tooMany)));
  onEnd(response, await inProgress.enter(tenantId, gone.signal));
  const enter = async () => {
    const leave = await atWork.enter(tenantId, gone.signal);
    await giveWay(tenantId, { inProgress, atWork });
    return leave;
  };
  return turnOf(response, await enter(), enter, () => inProgress.isAlone(tenantId));
}

/**
 * A tenant with more requests in progress than `many` lets the work of those with fewer go first, for `longestMs` each time. Otherwise
 * its next request would begin at each pause of another tenant's, which would wait for that step, too.
 */
const courtesy = { many: 4, longestMs: 50, lookMs: 2 };

/**
 * Waits while a tenant with few requests uses the thread, if `tenantId` has many. It has its own place meanwhile, so that its other
 * requests wait behind it.
 */
export async function giveWay(tenantId: string, { inProgress, atWork }: Queues): Promise<void> {
  const hasMany = (key: string) => inProgress.heldBy(key) > courtesy.many;
  if (!hasMany(tenantId)) return;
  const until = performance.now() + courtesy.longestMs;
  while (performance.now() < until && [...atWork.holders()].some((key) => !hasMany(key)))
    await sleep(courtesy.lookMs);
}

/** The turn of the request that `response` answers, which has a place until it calls `free`. It gets another by `enter`. */
function turnOf(
  response: ServerResponse,
  free: () => void,
  enter: () => Promise<() => void>,
  isAlone: () => boolean,
): Turn {
  let held: (() => void) | null = free;
  let waits = 0;
  // Waits overlap: without this, a request could wait for a second place, which only it could free.
  let entering: Promise<void> | null = null;
  const release = () => {
    held?.();
    held = null;
  };
  const enterAgain = async () => {
    // What the request waited for is there: it may go on even if the wait for a place was too long.
    const place = await enter().catch(() => () => undefined);
    entering = null;
    if (waits > 0 || response.destroyed) place();
    else held = place;
  };
  const turn: Turn = {
    pause: () => {
      waits += 1;
      release();
    },
    resume: async () => {
      waits -= 1;
      if (waits > 0 || response.destroyed || held) return;
      entering ??= enterAgain();
      await entering;
    },
    isAlone,
  };
  onEnd(response, release);
  response.on('full', turn.pause);
  response.on('caught-up', () => void turn.resume());
  return turn;
}
