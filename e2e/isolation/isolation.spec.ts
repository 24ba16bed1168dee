import { expect, test } from '@playwright/test';
import type { RecordedCall } from '../../local/aws/trials/calls';
import { concerns, inWords, isCount, isForAdmins, isMadeFor } from '../calls';
import { recordedCalls } from '../tenants';
import { decideAccess, decideTrust, standInRoles } from './access-matrix';
import { callers, expectedAccess, expectedTrust, kinds } from './access-rules';
import { attackAsJobLogin, attackExtractJob } from './attacks';
import {
  type Crossing,
  cross,
  crossFromPageOf,
  type Errand,
  everyErrand,
  isHarmless,
  labelOf,
  otherMethods,
} from './crossing';
import { readCatalogue } from './database';
import { expectedCatalogue } from './database-rules';
import { type FurnishedTenant, furnishTenant } from './furnish';
import { sendStrayJobs } from './messages';
import { addSection, writeReport } from './report';
import { addAccess, addCrossings, addDatabase, addVerbs } from './sections';
import { columnsWithoutCanary, stateOf } from './stores';
import { callAsEverybody, everyVerb, expectedVerbs } from './verbs';
import { makePerson, makeVisitors, permitted } from './visitors';

/** The whole product, and `docs/isolation.md`. Without it, a part that is enough for each change. */
const whole = process.env.ANNEX_ISOLATION === 'whole';

test.describe.configure({ mode: 'serial' });

let tenants: readonly [FurnishedTenant, FurnishedTenant];

test.beforeAll(async () => {
  tenants = await Promise.all([furnishTenant(71), furnishTenant(72)]);
});

test('every verb asks for its permission, and refuses everybody else before it touches anything', async () => {
  const verbs = await everyVerb();
  const actions = Object.fromEntries(
    Object.entries(verbs).map(([capability, own]) => [
      capability,
      Object.fromEntries(Object.entries(own).map(([name, { action }]) => [name, action])),
    ]),
  );
  expect(actions).toEqual(expectedVerbs);
  let checks = 0;
  for (const own of Object.values(verbs)) {
    for (const [name, verb] of Object.entries(own)) {
      const { faults, calls } = await callAsEverybody(verb, verb.action);
      expect(faults, name).toEqual([]);
      checks += calls;
    }
  }
  addVerbs(verbs, checks);
});

test('the database gives each role what is expected, and nothing else', async () => {
  const { unprotected, found, ...catalogue } = await readCatalogue();
  expect(unprotected).toEqual([]);
  expect(catalogue).toEqual(expectedCatalogue);
  for (const { id } of tenants) {
    for (const name of [`sheet.${id}`, `sheet.${id}_`, `crm.model_${id}_`])
      expect(found.filter((table) => table.startsWith(name))).not.toEqual([]);
  }
  addDatabase({ ...catalogue, unprotected, found });
});

test('the policies of AWS give each caller what is expected, and nothing else', async () => {
  const { roles } = await standInRoles();
  const known = new Set<string>(Object.values(callers).map(({ roleArn }) => roleArn));
  const own = (arn: string) => arn.replace('333333333333', '222222222222');
  expect(roles.filter(({ arn }) => !known.has(own(arn))).map(({ arn }) => arn)).toEqual([]);
  const { access, decisions } = await decideAccess();
  expect(access).toEqual(expectedAccess);
  const trust = await decideTrust();
  expect(trust.trusted.toSorted()).toEqual(expectedTrust.toSorted());
  addAccess(access, trust.trusted, { roles: roles.length, decisions: decisions + trust.decisions });
});

test('jobs and people of the other tenant, and pages of somebody else, reach nothing of this one', async () => {
  const [own, other] = tenants;
  const errands = await everyErrand();
  const [person, ofOther] = await Promise.all([
    makePerson('scientist', own.id),
    makePerson('scientist', other.id),
  ]);
  const before = await stateOf(own);
  const since = new Date().toISOString();

  const handled = await sendStrayJobs(other, own);
  expect(handled.filter(({ tenants: named }) => named.join() !== other.id)).toEqual([]);
  expect(await stateOf(own), 'after the jobs').toEqual(before);

  const reverse = await cross(ofOther, other, own, errands.filter(isHarmless), {
    withUnknown: whole,
    withOwn: false,
  });
  expect(reverse.faults).toEqual([]);
  // Where the own data is seen, the other's would have been seen, too.
  expect(reverse.seen.size).toBeGreaterThan(10);
  expect(await stateOf(own), 'after the requests').toEqual(before);

  const calls = (await recordedCalls()).filter((call) => call.at >= since && concerns(own, call));
  expect(calls.filter((call) => !isFromBefore(own, call)).map(inWords)).toEqual([]);

  const misled = await crossFromPageOf(ofOther, person, own, errands);
  expect(misled.faults).toEqual([]);
  expect(await stateOf(own), 'after the pages of somebody else').toEqual(before);
  addSection({
    title: 'The other way round',
    counts: [
      ['jobs', handled.length],
      ['requests for ids of the first tenant', reverse.requests],
      ['requests from pages of somebody else', misled.requests],
    ],
    text: [
      'The worker got jobs of the second tenant with ids of the first, one of each kind that has a payload. A scientist of the second',
      'asked for what the first has. No row, item, object or SageMaker resource of the first changed, and no call to AWS concerned it.',
      'Then a scientist of the first sent every request as a page does that was made for the scientist of the second: each was refused.',
    ].join('\n'),
  });
});

test('every page, route and action answers everybody as expected, and nothing of another tenant', async () => {
  const [own, other] = tenants;
  const { missing, columns } = await columnsWithoutCanary(other);
  expect(missing).toEqual([]);
  const errands = await everyErrand();
  const visitors = await makeVisitors(own, whole);
  const before = await stateOf(other);
  const since = new Date().toISOString();
  const crossings = new Map<string, Crossing>();
  const faults: string[] = [];
  const whileAdministrators: { readonly from: string; readonly to: string }[] = [];
  for (const visitor of visitors) {
    const from = new Date().toISOString();
    const crossing = await cross(visitor, own, other, errands, { withUnknown: whole });
    if (visitor.role === 'admin') whileAdministrators.push({ from, to: new Date().toISOString() });
    crossings.set(visitor.name, crossing);
    faults.push(...crossing.faults);
    const after = await stateOf(other);
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      if (before[name] !== after[name]) faults.push(`${visitor.name} changed ${name} of the other tenant`);
  }
  const nobody = visitors.find(({ role }) => role === null);
  const methods = nobody ? await otherMethods(nobody, own) : { faults: [], requests: 0 };
  expect([...faults, ...methods.faults]).toEqual([]);
  // Where the own data is seen, the other's would have been seen, too.
  const seen = crossings.get('scientist')?.seen;
  expect(errands.filter((errand) => showsOwn(errand) && !seen?.has(errand.name)).map(labelOf)).toEqual([]);

  const callsSince = async () => (await recordedCalls()).filter(({ at }) => at >= since);
  // The worker takes up the last extract a little later.
  const services = async () => (await callsSince()).filter((call) => concerns(own, call)).map(serviceOf);
  await expect
    .poll(services, { timeout: 120_000 })
    .toEqual(expect.arrayContaining(['dynamodb', 'glue', 's3', 'sagemaker', 'cloudwatch']));
  const calls = (await callsSince()).filter((call) => !isForAdmins(call));
  const ofOwn = calls.filter((call) => concerns(own, call));
  expect(ofOwn.filter((call) => !isMadeFor(own, call)).map(inWords)).toEqual([]);
  // Of portal and worker, of the extract job, and of training jobs and endpoints.
  const isKnown = (name = '') =>
    name === `annex-${own.id}` || /^annex-extract-[0-9A-Z]{26}$/.test(name) || name === 'SageMaker';
  expect(ofOwn.filter(({ arn }) => !isKnown(arn.split('/').at(-1))).map(inWords)).toEqual([]);
  const isCountedForAdmins = (call: RecordedCall) =>
    isCount(other, call) && whileAdministrators.some(({ from, to }) => call.at >= from && call.at <= to);
  const ofOther = calls.filter(
    (call) => concerns(other, call) && !isFromBefore(other, call) && !isCountedForAdmins(call),
  );
  expect(ofOther.map(inWords)).toEqual([]);
  const decided = new Set(Object.values(kinds).flatMap(({ actions }) => actions));
  expect([...new Set(ofOwn.map(({ action }) => action))].filter((action) => !decided.has(action))).toEqual(
    [],
  );
  addCrossings(errands, crossings, [
    ['requests with other methods', methods.requests],
    ['columns of text with a canary', columns],
    ['parts of the other tenant compared', Object.keys(before).length],
    ['calls to AWS', ofOwn.length],
  ]);
});

// Each layer has to hold alone.
test('the extract job writes nothing of another tenant, whatever a pooled session asks of it', async () => {
  const [own, other] = tenants;
  const before = await stateOf(other);
  const login = await attackAsJobLogin(own, other);
  expect(login.control).toBeGreaterThan(0);
  expect(login.seen).toEqual([]);
  const { faults, attempts, control } = await attackExtractJob(own, other, whole);
  expect(faults).toEqual([]);
  expect(control).toBe('SUCCEEDED, with rows of its own');
  expect(await stateOf(other)).toEqual(before);
  addSection({
    title: 'The extract job alone',
    counts: [
      ['attempts on the job', attempts],
      ['attempts with its login', login.tries],
    ],
    text: [
      'With the pooled session of one tenant, which a fault of the portal could give away, the extract job was started with SQL that',
      'changes tenant or role, in arguments that it does not know, in each that it knows, and in each part of an order under a true',
      'seal of the own tenant; with ids, order and seal of another tenant; and with a changed seal. It passed over the first and refused',
      'the others, and nothing of the other tenant was written. After that the order of the product ran as ever.',
      'The stand-in for Glue starts no run in the name of another tenant than the session’s. AWS cannot compare the two, so the tests of',
      'the job (`local/aws/glue/`) start it without that check, too.',
      'With the login of the job, other values of `app.tenant_id`, `app.order` and `app.seal` showed no row, and no role could be taken.',
    ].join('\n'),
  });
});

test('the report is written', async () => {
  test.skip(!whole, 'npm run isolation writes it');
  await writeReport();
});

/** Whether a scientist finds texts of the own tenant in the answer. */
const showsOwn = ({ kind, entry: { needs, silent } }: Errand): boolean =>
  kind !== 'action' && !silent && needs !== null && permitted('scientist', needs);

/**
 * A tenant that does nothing still has calls: this test reads its stores, its endpoint writes what it captured, and a late message
 * of its own extracts finds them done.
 */
const isFromBefore = (tenant: FurnishedTenant, call: RecordedCall): boolean =>
  /\/(aws-env|SageMaker)$/.test(call.arn) || (call.action === 'dynamodb:GetItem' && isMadeFor(tenant, call));

const serviceOf = ({ action }: RecordedCall): string => action.split(':')[0] ?? '';
