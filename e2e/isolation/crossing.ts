import { actions } from './action-entries';
import { addressOf, builtEntries } from './built-entries';
import { type Entry, type Ids, pages, routes } from './entries';
import type { FurnishedTenant } from './furnish';
import { expectedOutcomes, permitted, type Visitor } from './visitors';
import { type Answer, send, type Visit } from './visits';

/** A request that can be made of every visitor, whatever the ids. */
export interface Errand {
  readonly kind: 'page' | 'route' | 'action';
  readonly name: string;
  readonly entry: Entry;
  readonly visit: (ids: Ids) => Visit;
  /** One of the entry’s other queries. */
  readonly query?: string;
}

/** The name of an errand in the report. */
export const labelOf = ({ kind, name, visit, query = '' }: Errand): string =>
  kind === 'action' ? name : `${visit(unknown).method} ${name}${query}`;

/** Whose ids a visitor asks for. */
const targets = ['own', 'other', 'unknown'] as const;
type Target = (typeof targets)[number];

/** Ids of nothing. */
const unknown: Ids = {
  customer: 'canary-of-nobody-0000',
  extract: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  endpoint: 'endpoint-of-nobody',
  workbench: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  version: '99',
  person: '00000000-0000-4000-8000-000000000000',
  tenant: 'nobody',
};

/** Entries that come after everything else: one takes an id into use, one ends the session. */
const takesIds = ['/(tenant)/extracts/new/submit'];
/** Entries that leave something under any id in the own tenant. */
const leavesIds = [...takesIds, 'testEndpointAction', 'activateEndpointAction'];
const last = [...takesIds, '/(public)/sign-out'];

/** Everything that can be asked of the built portal. Throws with the names of entries that have no expectation, or are gone. */
export async function everyErrand(): Promise<readonly Errand[]> {
  const built = await builtEntries();
  const unmatched = [
    ...differences('page', built.pages, pages),
    ...differences('route', built.routes, routes),
    ...differences('action', Object.keys(built.actions), actions),
  ];
  if (unmatched.length > 0) throw new Error(unmatched.join('\n'));
  const asked: Errand[] = [
    ...Object.entries(pages).flatMap(([name, entry]): Errand[] => [
      { ...at(name, entry, 'GET'), kind: 'page' },
      ...others(name, entry, 'page'),
    ]),
    ...Object.entries(routes).flatMap(([name, entry]) => [
      ...(entry.methods ?? ['GET']).map((method): Errand => ({ ...at(name, entry, method), kind: 'route' })),
      ...others(name, entry, 'route'),
    ]),
    ...Object.entries(built.actions).map(
      ([name, { id, page }]): Errand => ({
        kind: 'action',
        name,
        entry: actions[name] ?? { needs: null },
        visit: (ids) => ({
          method: 'POST',
          path: addressOf(page, ids),
          form: actions[name]?.form?.(ids) ?? {},
          actionId: id,
        }),
      }),
    ),
  ];
  return asked.toSorted((a, b) => last.indexOf(a.name) - last.indexOf(b.name));
}

const at = (name: string, entry: Entry, method: string) => ({
  name,
  entry,
  visit: (ids: Ids): Visit => ({
    method,
    path: entry.path?.(ids) ?? addressOf(name, ids),
    ...(entry.form ? { form: entry.form(ids), multipart: entry.multipart ?? false } : {}),
  }),
});

/** An entry with each of its other queries. */
const others = (name: string, entry: Entry, kind: Errand['kind']): Errand[] =>
  (entry.queries ?? []).map((query) => ({
    ...at(name, entry, 'GET'),
    visit: (ids) => ({ method: 'GET', path: `${addressOf(name, ids)}${query}` }),
    kind,
    query: query || ' without a query',
  }));

const differences = (kind: string, built: readonly string[], table: Readonly<Record<string, Entry>>) => [
  ...built.filter((name) => !(name in table)).map((name) => `The ${kind} ${name} has no expectation.`),
  ...Object.keys(table)
    .filter((name) => !built.includes(name))
    .map((name) => `The ${kind} ${name} has an expectation and is gone.`),
];

/** The ids of what a tenant has. */
const idsOf = ({
  customerId,
  extractId,
  endpointName,
  workbenchId,
  version,
  personId,
  id,
}: FurnishedTenant): Ids => ({
  customer: customerId,
  extract: extractId,
  endpoint: endpointName,
  workbench: workbenchId,
  person: personId,
  tenant: id,
  version: String(version),
});

export interface Crossing {
  readonly faults: readonly string[];
  readonly requests: number;
  /** Entries in whose answers the visitor's own data was seen, so that the other's would have been seen, too. */
  readonly seen: ReadonlySet<string>;
  /** By the name of the errand: what was answered to the own id, and to another tenant's. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * Whether an errand changes nothing of the visitor's own tenant, asked for what belongs to another. Exports and refusals are
 * audited all the same.
 */
export const isHarmless = ({ entry, visit }: Errand): boolean =>
  visit(unknown).method === 'GET' || (entry.absent !== undefined && !entry.absent.includes('ok'));

/**
 * Sends `visitor`, of the tenant `own` or of none, on every errand: for its own ids, those of `other`, and ids of nothing, or for
 * some of these.
 */
export async function cross(
  visitor: Visitor,
  own: FurnishedTenant,
  other: FurnishedTenant,
  errands: readonly Errand[],
  { withUnknown, withOwn = true }: { readonly withUnknown: boolean; readonly withOwn?: boolean },
): Promise<Crossing> {
  const faults: string[] = [];
  const seen = new Set<string>();
  const answers = new Map<string, string>();
  const ids: Record<Target, Ids> = { own: idsOf(own), other: idsOf(other), unknown };
  const strangers = visitor.tenantId === own.id ? [other] : [own, other];
  let requests = 0;
  for (const errand of errands) {
    const { kind, name, entry, visit } = errand;
    const given: Partial<Record<Target, Answer>> = {};
    for (const target of targets) {
      const asked: Visit = { ...visit(ids[target]), viewer: visitor.viewer };
      // An entry that takes no id is asked once.
      if (target !== 'own' && JSON.stringify(visit(ids[target])) === JSON.stringify(visit(ids.own))) continue;
      if (target === 'own' && !withOwn && asked.method !== 'GET') continue;
      if (target === 'unknown' && !withUnknown) continue;
      // Whoever comes after the owner would find the id in the own tenant.
      if (target !== 'own' && visitor.role === 'owner' && leavesIds.includes(name)) continue;
      const answer = await send(visitor.http, asked);
      requests += 1;
      given[target] = answer;
      const where = `${visitor.name} ${asked.method} ${kind} ${name} (${target})`;
      const expected = expectedOutcomes(entry, visitor, target === 'own');
      if (!expected.includes(answer.outcome))
        faults.push(`${where}: ${answer.status} ${answer.outcome}, not ${expected.join(' or ')}`);
      const heard = without(answer.said, asked, ids[target]);
      for (const tenant of strangers)
        faults.push(
          ...marksIn(heard, tenant, visitor.role === 'admin', entry.deeds).map(
            (mark) => `${where}: says ${mark}`,
          ),
        );
      if (visitor.tenantId === own.id && showsDataOf(own, heard)) seen.add(name);
    }
    const { own: mine, other: theirs, unknown: nobodys } = given;
    const outcomes = [mine, theirs].flatMap((answer) => answer?.outcome ?? []);
    answers.set(labelOf(errand), [...new Set(outcomes)].join(' / '));
    if (
      theirs &&
      nobodys &&
      !entry.ofAllTenants &&
      (theirs.status !== nobodys.status || theirs.outcome !== nobodys.outcome)
    )
      faults.push(
        `${visitor.name} ${kind} ${name}: another tenant’s id is answered ${theirs.status} ${theirs.outcome}, an unknown one ${nobodys.status} ${nobodys.outcome}`,
      );
  }
  return { faults, requests, seen, answers };
}

/** `said` without the ids that the visitor itself sent. */
function without(said: string, asked: Visit, ids: Ids): string {
  const sent = `${asked.path} ${JSON.stringify(asked.form ?? {})}`;
  // The tenant's own id is part of its others, so it counts as sent only where it stands alone.
  const alone = (id: string) => new RegExp(`(^|[^\\w-])${id}($|[^\\w-])`).test(sent);
  return Object.values(ids)
    .filter((id: string) => id.length > 5 && alone(id))
    .reduce((text, id) => text.replaceAll(id, ''), said);
}

/** Whether `text` has more of the tenant than an e-mail address, which every page shows. */
const showsDataOf = (tenant: FurnishedTenant, text: string): boolean =>
  marksIn(text, tenant, true).some((mark) => !mark.startsWith('@'));

/**
 * What of `tenant` is in `text`. Administrators may know its entry in the directory: id, name and account. In the audit they may know
 * its `deeds`.
 */
function marksIn(text: string, tenant: FurnishedTenant, isAdmin: boolean, deeds = false): string[] {
  const { id, accountId, customerId, extractId, endpointName, workbenchId } = tenant;
  const data = [`canary-${id}`, `canary of ${id}`, `annex-${id}-`, endpointName];
  const done = [`@${id}.`, extractId, workbenchId];
  const directory = [id, accountId, customerId];
  return [...data, ...(isAdmin && deeds ? [] : done), ...(isAdmin ? [] : directory)].filter((mark) =>
    text.includes(mark),
  );
}

/**
 * Sends `visitor` on every errand from a page that was made for `somebody`. Returns what was not refused. Without JavaScript, where
 * only forms and links to files name their viewer, each leads to the visitor's own start page.
 */
export async function crossFromPageOf(
  somebody: Visitor,
  visitor: Visitor,
  own: FurnishedTenant,
  errands: readonly Errand[],
): Promise<Pick<Crossing, 'faults' | 'requests'>> {
  const faults: string[] = [];
  let requests = 0;
  for (const { kind, name, entry, visit } of errands) {
    if (outsideProxy.includes(name)) continue;
    const asked: Visit = { ...visit(idsOf(own)), viewer: somebody.viewer };
    const answer = await send(visitor.http, asked);
    requests += 1;
    if (answer.status !== 409 || !/^x-annex-viewer: another$/im.test(answer.said))
      faults.push(`${kind} ${name}: ${answer.status} ${answer.outcome}`);
    // Any route could be a file.
    const isNamed = asked.method === 'POST' || (kind === 'route' && entry.needs !== null);
    if (!isNamed || forStrangers.includes(name) || byScript.includes(name)) continue;
    // The action leads back to its page, which refuses the visitor and records that.
    const role = visitor.role;
    const isShut = role !== null && entry.needs !== null && !permitted(role, entry.needs);
    if (kind === 'action' && isShut) continue;
    const plain = await send(visitor.http, { ...asked, script: false });
    requests += 1;
    if (!/^set-cookie: annex\.viewer-changed=1/im.test(plain.said))
      faults.push(`${kind} ${name} without JavaScript: ${plain.status} ${plain.outcome}`);
  }
  return { faults, requests };
}

/** Files of the portal that say nothing of anybody. */
const outsideProxy = ['/favicon.ico', '/icon.svg'];
/** Forms that name no viewer, because nobody has to be signed in. */
const forStrangers = ['/(public)/sign-in', '/api/auth/[...nextauth]'];

/** What only scripts ask for; it changes nothing. */
const byScript = ['/(tenant)/customers/import/preview'];

/** Every method that a route does not have has to be refused. Returns those that are not. */
export async function otherMethods(
  visitor: Visitor,
  own: FurnishedTenant,
): Promise<Pick<Crossing, 'faults' | 'requests'>> {
  const faults: string[] = [];
  let requests = 0;
  for (const [name, entry] of Object.entries(routes)) {
    const allowed: readonly string[] = entry.methods ?? ['GET'];
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
      (each) => !allowed.includes(each),
    )) {
      const { form, ...asked } = at(name, entry, method).visit(idsOf(own));
      // A GET request with a body is refused as such.
      const { outcome, status } = await send(
        visitor.http,
        method === 'GET' || !form ? asked : { ...asked, form },
      );
      requests += 1;
      if (outcome !== 'not allowed') faults.push(`${method} ${name}: ${status} ${outcome}`);
    }
  }
  return { faults, requests };
}
