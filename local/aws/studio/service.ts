import type { IncomingMessage, ServerResponse } from 'node:http';
import { tenantBucket } from '@/local/aws-names';
import { findAccount } from '../control-tower/accounts';
import type { Buckets, HttpService, StandIn } from '../core/service';
import type { StudioApps } from '../sagemaker/domains/apps';
import { type Domain, findDomain } from '../sagemaker/domains/domains';
import { findProfile } from '../sagemaker/domains/profiles';
import { isOwnForm } from './forms';
import { html, seeOther, sendPage } from './html';
import { type LabVisit, labHandlers } from './lab/handlers';
import { createLabs } from './lab/lab';
import { type BucketView, messagePage, studioPage } from './pages/home';
import { endSession, findSession, redeemToken, type StudioSession } from './tokens';

const cookieName = 'studio-session';
/** Rows that the page shows, and objects that it counts. */
const shownObjects = 200;
const countedObjects = 1000;

interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly domainId: string;
  readonly url: URL;
  readonly cookie: string | null;
}

/** Studio's own pages under `/studio/<domain id>/`: signed in by a presigned URL, then by a cookie. */
export function createStudio(standIn: StandIn): HttpService {
  const labs = createLabs(standIn);
  return {
    name: 'studio',
    async handle(request, response, _caller, requestId) {
      try {
        await answer(standIn, labs, request, response);
      } catch (error) {
        // The address carries a token, so it is not logged.
        standIn.log.error({ err: error, requestId }, 'a page of Studio failed');
        if (response.headersSent) response.destroy();
        else sendPage(response, 500, failedPage(requestId));
      }
    },
    stop: async () => labs.close(),
  };
}

type Labs = ReturnType<typeof createLabs>;

async function answer(
  standIn: StandIn,
  labs: Labs,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', standIn.origin);
  const [, domainId, place] = /^\/studio\/(d-[a-z0-9-]{1,61})(?:\/([a-z-]*))?$/.exec(url.pathname) ?? [];
  if (domainId === undefined) return notFound(response);
  if (place === undefined) return seeOther(response, `/studio/${domainId}/`);
  const visit = { request, response, domainId, url, cookie: cookieOf(request) };
  const route = `${request.method} ${place}`;
  const lab = Object.hasOwn(labHandlers, route) ? labHandlers[route] : undefined;
  if (lab) return visitLab(standIn, labs, visit, lab);
  switch (route) {
    case 'GET auth':
      return signIn(standIn, visit);
    case 'GET ':
    case 'HEAD ':
      return show(standIn, visit);
    case 'POST start':
      return start(standIn, visit);
    case 'POST sign-out':
      return signOut(standIn, visit);
    default:
      return notFound(response);
  }
}

async function signIn(standIn: StandIn, visit: Visit): Promise<void> {
  const { response, domainId, url } = visit;
  const redeemed = await redeemToken(standIn, domainId, url.searchParams.get('token') ?? '');
  if (redeemed.state !== 'signed-in') {
    const open = (await sessionOf(standIn, visit)) !== null;
    return sendPage(response, 403, refusedPage(redeemed.state, domainId, open));
  }
  const { session, cookie } = redeemed;
  const domain = await findDomain(standIn, session.accountId, domainId);
  if (domain) await standIn.service<StudioApps>('sagemaker').openJupyterLab(domain, session.profile);
  seeOther(response, `/studio/${domainId}/`, sessionCookie(standIn, domainId, cookie, secondsLeft(session)));
}

function refusedPage(state: 'used' | 'expired' | 'unknown', domainId: string, open: boolean): string {
  const again = 'Go back to the portal and press Launch Studio again: every launch makes a new link.';
  const here = open ? [html`You are still signed in: <a href="/studio/${domainId}/">open Studio</a>.`] : [];
  switch (state) {
    case 'used':
      return messagePage('This launch link was used already', ['A link signs in once.', ...here, again]);
    case 'expired':
      return messagePage('This launch link has expired', [
        'A link is good for a few minutes at most.',
        ...here,
        again,
      ]);
    case 'unknown':
      return messagePage('This launch link is not known', [
        'It is incomplete, or it belongs to another domain.',
        ...here,
        again,
      ]);
  }
}

async function show(standIn: StandIn, visit: Visit): Promise<void> {
  const { response } = visit;
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const { session, domain } = signedIn;
  const apps = standIn.service<StudioApps>('sagemaker');
  const [account, app, bucket] = await Promise.all([
    findAccount(standIn, domain.accountId),
    apps.touchJupyterLab(domain.domainId, domain.accountId, session.profile),
    bucketOf(standIn, domain),
  ]);
  const view = { region: standIn.region, accountName: account?.name ?? null, domain, session, app, bucket };
  sendPage(response, 200, studioPage(view));
}

async function start(standIn: StandIn, visit: Visit): Promise<void> {
  if (!isOwnForm(visit.request)) return sendPage(visit.response, 403, foreignPage());
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const { session, domain } = signedIn;
  await standIn.service<StudioApps>('sagemaker').openJupyterLab(domain, session.profile);
  seeOther(visit.response, `/studio/${domain.domainId}/`);
}

async function signOut(standIn: StandIn, { request, response, domainId, cookie }: Visit): Promise<void> {
  if (!isOwnForm(request)) return sendPage(response, 403, foreignPage());
  if (cookie !== null) await endSession(standIn, cookie);
  response.setHeader('Set-Cookie', sessionCookie(standIn, domainId, '', 0));
  sendPage(
    response,
    200,
    messagePage('You are signed out', ['To come back, press Launch Studio in the portal.']),
  );
}

/** A page of training or hosting, for somebody who is signed in. */
async function visitLab(
  standIn: StandIn,
  labs: Labs,
  visit: Visit,
  handle: (visit: LabVisit) => Promise<void>,
): Promise<void> {
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const { request, response, url, cookie } = visit;
  await standIn
    .service<StudioApps>('sagemaker')
    .touchJupyterLab(signedIn.domain.domainId, signedIn.domain.accountId, signedIn.session.profile);
  const shell = { region: standIn.region, ...signedIn };
  await handle({ request, response, url, cookie: cookie ?? '', shell, lab: labs.of(signedIn.domain) });
}

/** The session with its domain; answers itself, and returns `null`, when there is none. */
async function signedInTo(
  standIn: StandIn,
  visit: Visit,
): Promise<{ readonly session: StudioSession; readonly domain: Domain } | null> {
  const session = await sessionOf(standIn, visit);
  if (!session) {
    const texts = [
      'You have no session here, or it has ended.',
      'Go back to the portal and press Launch Studio.',
    ];
    sendPage(visit.response, 401, messagePage('You are not signed in to Studio', texts));
    return null;
  }
  const { accountId, domainId, profile } = session;
  const domain = await findDomain(standIn, accountId, domainId);
  const there = domain && (await findProfile(standIn, accountId, domainId, profile));
  if (domain && there) return { session, domain };
  const texts = [
    'The domain or your user profile was deleted.',
    'Open the workbench page of the portal to see what is there.',
  ];
  sendPage(visit.response, 410, messagePage('This Studio is gone', texts));
  return null;
}

const sessionOf = async (standIn: StandIn, { domainId, cookie }: Visit): Promise<StudioSession | null> =>
  cookie === null ? null : findSession(standIn, domainId, cookie);

async function bucketOf(standIn: StandIn, { tenantId, accountId }: Domain): Promise<BucketView> {
  const buckets = standIn.service<Buckets>('s3');
  const name = tenantBucket(tenantId, accountId);
  if (!(await buckets.bucketsOf(accountId)).includes(name))
    return { name, objects: null, counted: 0, more: false };
  const objects = await buckets.objects(name, countedObjects + 1);
  const counted = Math.min(objects.length, countedObjects);
  return { name, objects: objects.slice(0, shownObjects), counted, more: objects.length > counted };
}

function cookieOf({ headers }: IncomingMessage): string | null {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === cookieName && value) return value;
  }
  return null;
}

function sessionCookie(standIn: StandIn, domainId: string, value: string, seconds: number): string {
  const secure = standIn.origin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName}=${value}; Path=/studio/${domainId}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

const secondsLeft = ({ expiresAt }: StudioSession): number =>
  Math.max(0, Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000));

const foreignPage = (): string =>
  messagePage('This came from another site', [
    'Studio takes this only from its own page. Nothing was changed.',
  ]);

const failedPage = (requestId: string): string =>
  messagePage('Studio could not show this', [
    'Nothing was changed. Load the page again.',
    `Reference: ${requestId}`,
  ]);

function notFound(response: ServerResponse): void {
  sendPage(response, 404, messagePage('There is no such page', ['Launch Studio from the portal.']));
}
