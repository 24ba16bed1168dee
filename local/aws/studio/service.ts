import type { IncomingMessage, ServerResponse } from 'node:http';
import { html } from '@/local/aws/wire/http/markup';
import { tenantBucket } from '@/local/aws-names';
import { requestUrl } from '@/local/request-url';
import { findAccount } from '../control-tower/accounts';
import { AwsError, type HttpService, type StandIn } from '../core/service';
import type { AppKey, StudioApps } from '../sagemaker/domains/apps';
import { type Domain, findDomain } from '../sagemaker/domains/domains';
import { idleAppTypes } from '../sagemaker/domains/idle-settings';
import {
  endSession,
  findSession,
  redeemToken,
  type StudioSession,
} from '../sagemaker/domains/sign-in-tokens';
import { findSpace, isOpenTo, type Space } from '../sagemaker/domains/space';
import { findProfile } from '../sagemaker/domains/user-profile';
import { isOwnForm } from './forms';
import { createLabs } from './lab/lab';
import { type LabVisit, labHandlers } from './lab-handlers';
import { appPage, appPath } from './pages/app';
import { type BucketView, messagePage, studioPage } from './pages/home';
import { seeOther, sendPage } from './pages/html';

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
export function createStudio(standIn: StandIn, apps: StudioApps): HttpService {
  const labs = createLabs(standIn);
  const studio = { standIn, apps, labs };
  return {
    name: 'studio',
    async handle(request, response, _caller, requestId) {
      try {
        await answer(studio, request, response);
      } catch (error) {
        if (error instanceof AwsError && error.status === 413) return sendPage(response, 413, tooLargePage());
        // The address carries a token, so it is not logged.
        standIn.log.error({ err: error, requestId }, 'A Studio page failed.');
        if (response.headersSent) response.destroy();
        else sendPage(response, 500, failedPage(requestId));
      }
    },
    stop: async () => labs.close(),
  };
}

interface Studio {
  readonly standIn: StandIn;
  readonly apps: StudioApps;
  readonly labs: ReturnType<typeof createLabs>;
}

async function answer(studio: Studio, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { standIn } = studio;
  const url = requestUrl(request, standIn.studioOrigin);
  if (url === null) return notFound(response);
  const [, domainId, place] = /^\/studio\/(d-[a-z0-9-]{1,61})(?:\/([a-z-]*))?$/.exec(url.pathname) ?? [];
  if (domainId === undefined) return notFound(response);
  if (place === undefined) return seeOther(response, `/studio/${domainId}/`);
  const visit = { request, response, domainId, url, cookie: cookieOf(request) };
  const route = `${request.method} ${place}`;
  const lab = Object.hasOwn(labHandlers, route) ? labHandlers[route] : undefined;
  if (lab) return visitLab(studio, visit, lab);
  switch (route) {
    case 'GET auth':
      return signIn(studio, visit);
    case 'GET ':
    case 'HEAD ':
      return show(studio, visit);
    case 'GET app':
    case 'HEAD app':
      return showApp(studio, visit);
    case 'POST app':
      return runApp(studio, visit);
    case 'POST start':
      return start(studio, visit);
    case 'POST sign-out':
      return signOut(standIn, visit);
    default:
      return notFound(response);
  }
}

async function signIn({ standIn, apps }: Studio, visit: Visit): Promise<void> {
  const { response, domainId, url } = visit;
  const redeemed = await redeemToken(standIn, domainId, url.searchParams.get('token') ?? '');
  if (redeemed.state !== 'signed-in') {
    const open = (await sessionOf(standIn, visit)) !== null;
    return sendPage(response, 403, refusedPage(redeemed.state, domainId, open));
  }
  const { session, cookie, landing } = redeemed;
  const domain = await findDomain(standIn, session.accountId, domainId);
  if (domain && landing === null) await apps.openJupyterLab(domain, session.profile);
  const place = landing === null ? '' : appPath(landing);
  seeOther(
    response,
    `/studio/${domainId}/${place}`,
    sessionCookie(standIn, domainId, cookie, secondsLeft(session)),
  );
}

function refusedPage(state: 'used' | 'expired' | 'unknown', domainId: string, open: boolean): string {
  const again = 'Go back to the portal and choose Launch Studio again. Each launch creates a new link.';
  const here = open ? [html`You are still signed in: <a href="/studio/${domainId}/">open Studio</a>.`] : [];
  switch (state) {
    case 'used':
      return messagePage('This launch link has already been used', [
        'A launch link works only once.',
        ...here,
        again,
      ]);
    case 'expired':
      return messagePage('This launch link has expired', [
        'A launch link is valid for a few minutes.',
        ...here,
        again,
      ]);
    case 'unknown':
      return messagePage('This launch link isn’t valid', [
        'It is incomplete, or it belongs to another domain.',
        ...here,
        again,
      ]);
  }
}

async function show({ standIn, apps }: Studio, visit: Visit): Promise<void> {
  const { response } = visit;
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const { session, domain } = signedIn;
  const [account, app, bucket] = await Promise.all([
    findAccount(standIn, domain.accountId),
    apps.touchJupyterLab(domain.domainId, domain.accountId, session.profile),
    bucketOf(standIn, domain),
  ]);
  const view = { region: standIn.region, accountName: account?.name ?? null, domain, session, app, bucket };
  sendPage(response, 200, studioPage(view));
}

async function showApp({ standIn, apps }: Studio, visit: Visit): Promise<void> {
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const place = await placeOf(standIn, visit, signedIn);
  if (place === null) return sendPage(visit.response, 404, noPlacePage());
  const app = await apps.touchApp(place.key);
  sendPage(visit.response, 200, appPage({ region: standIn.region, ...signedIn, ...place, app }));
}

async function runApp({ standIn, apps }: Studio, visit: Visit): Promise<void> {
  if (!isOwnForm(visit.request)) return sendPage(visit.response, 403, foreignPage());
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const place = await placeOf(standIn, visit, signedIn);
  if (place === null) return sendPage(visit.response, 404, noPlacePage());
  await apps.openApp(place.key, signedIn.domain);
  seeOther(visit.response, `/studio/${signedIn.domain.domainId}/${appPath(place.key)}`);
}

/** The app that an address names, in a space that the session's profile may open; null: there is none. */
async function placeOf(
  standIn: StandIn,
  { url }: Visit,
  { session, domain: { accountId, domainId } }: { session: StudioSession; domain: Domain },
): Promise<{ readonly key: AppKey; readonly space: Space | null } | null> {
  const type = idleAppTypes.find((each) => each === url.searchParams.get('type'));
  if (type === undefined) return null;
  const name = url.searchParams.get('space');
  const common = { accountId, domainId, type, name: 'default' };
  if (name === null) return { key: { ...common, profile: session.profile }, space: null };
  const space = await findSpace(standIn, accountId, domainId, name);
  const open = space?.status === 'InService' && isOpenTo(space, session.profile);
  if (!open || (space.appType ?? type) !== type) return null;
  return { key: { ...common, space: name }, space };
}

async function start({ standIn, apps }: Studio, visit: Visit): Promise<void> {
  if (!isOwnForm(visit.request)) return sendPage(visit.response, 403, foreignPage());
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const { session, domain } = signedIn;
  await apps.openJupyterLab(domain, session.profile);
  seeOther(visit.response, `/studio/${domain.domainId}/`);
}

async function signOut(standIn: StandIn, { request, response, domainId, cookie }: Visit): Promise<void> {
  if (!isOwnForm(request)) return sendPage(response, 403, foreignPage());
  if (cookie !== null) await endSession(standIn, cookie);
  response.setHeader('Set-Cookie', sessionCookie(standIn, domainId, '', 0));
  sendPage(
    response,
    200,
    messagePage('You are signed out', ['To return, choose Launch Studio in the portal.']),
  );
}

/** A page of training or hosting, for somebody who is signed in. */
async function visitLab(
  { standIn, apps, labs }: Studio,
  visit: Visit,
  handle: (visit: LabVisit) => Promise<void>,
): Promise<void> {
  const signedIn = await signedInTo(standIn, visit);
  if (!signedIn) return;
  const { request, response, url, cookie } = visit;
  await apps.touchJupyterLab(signedIn.domain.domainId, signedIn.domain.accountId, signedIn.session.profile);
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
      'You have no Studio session, or it has ended.',
      'Go back to the portal and choose Launch Studio.',
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
    'Open the workbench page in the portal to see its current state.',
  ];
  sendPage(visit.response, 410, messagePage('This Studio no longer exists', texts));
  return null;
}

const sessionOf = async (standIn: StandIn, { domainId, cookie }: Visit): Promise<StudioSession | null> =>
  cookie === null ? null : findSession(standIn, domainId, cookie);

async function bucketOf(standIn: StandIn, { tenantId, accountId }: Domain): Promise<BucketView> {
  const buckets = standIn.services.s3;
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
  const secure = standIn.studioOrigin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName}=${value}; Path=/studio/${domainId}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

const secondsLeft = ({ expiresAt }: StudioSession): number =>
  Math.max(0, Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000));

const foreignPage = (): string =>
  messagePage('This request came from another site', [
    'Studio accepts this only from its own pages. Nothing was changed.',
  ]);

const noPlacePage = (): string =>
  messagePage('There is no such space for you', [
    'It was deleted, or it is private to somebody else. Open another one in the portal, or launch Studio.',
  ]);

const tooLargePage = (): string =>
  messagePage('This form is too large', ['Nothing was changed. Shorten what you entered, then try again.']);

const failedPage = (requestId: string): string =>
  messagePage('Studio could not show this page', [
    'Nothing was changed. Reload the page.',
    `Reference: ${requestId}`,
  ]);

function notFound(response: ServerResponse): void {
  sendPage(response, 404, messagePage('Page not found', ['Launch Studio from the portal.']));
}
