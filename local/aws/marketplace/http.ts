import type { IncomingMessage, ServerResponse } from 'node:http';
import { fromLoopback } from '@/local/from-loopback';
import { requestUrl } from '@/local/request-url';
import { accountsOf } from '../control-tower/accounts';
import { AwsError, type HttpService, type StandIn } from '../core/service';
import { readBody } from '../wire/http/body';
import { pagePolicy } from '../wire/http/markup';
import type { Agreement, Agreements } from './agreements';
import type { EndStatus } from './events';
import { acceptedUsage } from './metering';
import { accountPage, chooserPage, errorPage, setUpPage } from './pages';
import { addProduct, findProduct, knownProduct, productsOf } from './products';
import { newRegistrationToken } from './registrations';

/** What the pages and the calls of trials work on. */
export interface MarketplaceDeps {
  readonly standIn: StandIn;
  readonly agreements: Agreements;
  readonly portalUrl: string;
  readonly now: () => number;
}

/** The page of AWS Marketplace. */
const marketplacePath = '/_annex/marketplace';
const maxBytes = 256 * 1024;

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** `/_annex/marketplace` for people, and below it what forms and trials send. On this machine alone. */
export function marketplaceHttp(deps: MarketplaceDeps): HttpService {
  return {
    name: 'marketplace',
    async handle(request, response) {
      const url = requestUrl(request, deps.standIn.origin);
      if (!url || !fromLoopback(request)) {
        throw new AwsError('AccessDenied', 'Only programs and browsers on this machine may ask this.', 403);
      }
      const what = `${request.method} ${url.pathname.slice(marketplacePath.length) || '/'}`;
      try {
        await answer(deps, what, { request, response, url });
      } catch (error) {
        if (!(error instanceof AwsError) || !wantsPage(request)) throw error;
        send(deps, response, error.status, errorPage(error.message));
      }
    },
  };
}

async function answer(deps: MarketplaceDeps, what: string, call: Call): Promise<void> {
  const { standIn } = deps;
  switch (what) {
    case 'GET /':
      return showAccount(deps, call);
    case 'GET /set-up':
      return setUp(deps, call);
    case 'POST /subscribe':
    case 'POST /amend':
    case 'POST /end':
    case 'POST /renew':
      return act(deps, what.slice('POST /'.length), call);
    case 'GET /usage':
      forPrograms(call.request);
      return json(call.response, { records: await acceptedUsage(standIn) });
    case 'GET /products':
      forPrograms(call.request);
      return json(call.response, { products: (await productsOf(standIn)).map(withoutModel) });
    case 'POST /products':
      forPrograms(call.request);
      return json(call.response, withoutModel(await addProduct(standIn, await jsonBody(call.request))));
    default:
      throw new AwsError('NoSuchKey', `There is no ${what} of AWS Marketplace.`, 404);
  }
}

const withoutModel = ({ model: _, ...product }: object & { readonly model: unknown }): object => product;

async function showAccount({ standIn, agreements, now }: MarketplaceDeps, call: Call): Promise<void> {
  const given = call.url.searchParams.get('account');
  if (given === null) {
    const known = (await accountsOf(standIn)).map(({ accountId, name }) => ({ accountId, name }));
    return send({ portalUrl: null }, call.response, 200, chooserPage(known));
  }
  const accountId = accountIn(given, standIn);
  const own = (await agreements.all()).filter((each) => each.accountId === accountId);
  const page = accountPage({ accountId, products: await productsOf(standIn), agreements: own, now: now() });
  send({ portalUrl: null }, call.response, 200, page);
}

async function setUp(deps: MarketplaceDeps, { url, response }: Call): Promise<void> {
  const agreement = await deps.agreements.find(url.searchParams.get('agreement') ?? '');
  if (!agreement) throw new AwsError('ResourceNotFoundException', 'There is no such agreement.', 404);
  const product = await knownProduct(deps.standIn, agreement.productId);
  const token = await newRegistrationToken(deps.standIn, agreement, deps.now());
  send(deps, response, 200, setUpPage({ agreement, product, token, fulfilmentUrl: fulfilmentOf(deps) }));
}

const fulfilmentOf = ({ portalUrl }: MarketplaceDeps): string => `${portalUrl}/marketplace/register`;

async function act(deps: MarketplaceDeps, action: string, { request, response }: Call): Promise<void> {
  ownForm(deps, request);
  const form = new URLSearchParams((await readBody(request, maxBytes)).toString());
  const agreement = await changed(deps, action, form);
  if (!wantsPage(request)) {
    const token = await newRegistrationToken(deps.standIn, agreement, deps.now());
    const { outbox: _, ...told } = agreement;
    return json(response, { agreement: told, token, fulfilmentUrl: fulfilmentOf(deps) });
  }
  const location =
    action === 'subscribe'
      ? `${marketplacePath}/set-up?agreement=${agreement.id}`
      : `${marketplacePath}?account=${agreement.accountId}`;
  response.writeHead(303, { location, 'cache-control': 'no-store' });
  response.end();
}

async function changed(
  { standIn, agreements }: MarketplaceDeps,
  action: string,
  form: URLSearchParams,
): Promise<Agreement> {
  const id = form.get('agreement') ?? '';
  switch (action) {
    case 'subscribe': {
      const product = await findProduct(standIn, form.get('product') ?? '');
      if (!product) throw new AwsError('ValidationException', 'product: there is no such product.');
      return agreements.subscribe(product, accountIn(form.get('account') ?? '', standIn), quantitiesIn(form));
    }
    case 'amend':
      return agreements.amend(id, quantitiesIn(form));
    case 'renew':
      return agreements.succeed(id, form.get('intent') === 'REPLACE' ? 'REPLACE' : 'RENEW');
    default:
      return agreements.end(id, endStatusIn(form));
  }
}

function endStatusIn(form: URLSearchParams): EndStatus {
  const given = form.get('status') ?? 'CANCELLED';
  const known = (['CANCELLED', 'EXPIRED', 'TERMINATED'] as const).find((each) => each === given);
  if (known) return known;
  throw new AwsError('ValidationException', 'status must be CANCELLED, EXPIRED or TERMINATED.');
}

/** Of each dimension with a field `quantity.<dimension>`. */
function quantitiesIn(form: URLSearchParams): Readonly<Record<string, number>> {
  const fields = [...form].filter(([name]) => name.startsWith('quantity.'));
  return Object.fromEntries(
    fields.map(([name, value]) => {
      if (!/^\d{1,10}$/.test(value))
        throw new AwsError('ValidationException', `${name} must be a whole number.`);
      return [name.slice('quantity.'.length), Number(value)];
    }),
  );
}

function accountIn(given: string, { portalAccountId }: StandIn): string {
  const accountId = given.replace(/[\s-]/g, '');
  if (!/^\d{12}$/.test(accountId))
    throw new AwsError('ValidationException', 'account must have twelve digits.');
  if (accountId !== portalAccountId) return accountId;
  throw new AwsError('ValidationException', 'account must be a buyer’s; this one is the seller’s.');
}

const wantsPage = ({ headers }: IncomingMessage): boolean => (headers.accept ?? '').includes('text/html');

/** A page elsewhere could send a form here through a browser on this machine; browsers say where a form came from. */
function ownForm({ standIn }: MarketplaceDeps, { headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  const from = headers.origin ?? standIn.origin;
  const own = [standIn.origin, standIn.origin.replace('//localhost', '//127.0.0.1')];
  if (site === 'same-origin' && own.includes(from)) return;
  throw new AwsError('AccessDenied', 'This form was not sent by its own page.', 403);
}

/** No web page may ask, not even one of this machine. */
function forPrograms({ headers }: IncomingMessage): void {
  if (headers.origin === undefined && (headers['sec-fetch-site'] ?? 'none') === 'none') return;
  throw new AwsError('AccessDenied', 'Only programs on this machine may ask this.', 403);
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse((await readBody(request, maxBytes)).toString());
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('ValidationException', 'The body is not JSON.');
  }
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Forms go to this page, and the one that sets an account up goes to the seller’s, which leads on from there. */
function send(
  { portalUrl }: { readonly portalUrl: string | null },
  response: ServerResponse,
  status: number,
  text: string,
): void {
  const targets = portalUrl === null ? "'self'" : `'self' ${new URL(portalUrl).origin} http://localhost:*`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': pagePolicy(targets),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'strict-origin',
    'x-frame-options': 'DENY',
  });
  response.end(text);
}
