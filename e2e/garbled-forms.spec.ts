import { type APIRequestContext, expect, test } from '@playwright/test';
import { PortalClient } from '../local/seed/portal-client';
import { type GarbledForm, garbledForms } from './garbled-forms';
import { asSuperuser } from './isolation/database';
import { addressOf, builtEntries, type Ids } from './isolation/entries';
import { errorsOf, portalLog } from './portal-log';
import { journeyStack as stack } from './stack';
import { mintTenant, mintUser, password } from './tenants';

/** Forms for each action, each sent by script and without. `npm run fuzz` has 5,000. */
const formsPerAction = Number(process.env.ANNEX_FUZZ ?? 100);
/** Fewer than one tenant may have in progress, so that every form is read. */
const parallel = 8;

/** What Next and React write about a form that they cannot read, with a stack trace and no request. */
const ofNext = /Server Action|Connection closed|Malformed part|enqueueModel|base64 encoded/;

test('garbled forms do nothing with any action, and are no failure of ours', async () => {
  test.setTimeout(600_000 + formsPerAction * 1_000);
  const { id } = await mintTenant();
  const { http } = await PortalClient.signedIn(stack.origin, await mintUser('scientist', id), password);
  const { actions } = await builtEntries();
  expect(Object.keys(actions).length).toBeGreaterThan(5);
  const requestIds: string[] = [];
  for (const [at, [name, { id: actionId, page }]] of Object.entries(actions).entries()) {
    const forms = garbledForms(at, formsPerAction);
    const statuses = new Map<number, number>();
    const sendForms = async () => {
      // All share one generator, so that each form is sent once.
      for (const form of forms) {
        for (const byScript of [true, false]) {
          const { status, requestId } = await send(http, addressOf(page, nothing), actionId, form, byScript);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          requestIds.push(requestId);
        }
      }
    };
    await Promise.all(Array.from({ length: parallel }, sendForms));
    test.info().annotations.push({ type: name, description: JSON.stringify(Object.fromEntries(statuses)) });
    // None waited in vain for its turn; some were read, and their values refused.
    expect([...statuses.keys()], name).not.toContain(429);
    expect([...statuses.keys()], name).toEqual(expect.arrayContaining([200, 400]));
  }
  expect(requestIds).toHaveLength(Object.keys(actions).length * formsPerAction * 2);
  expect(await errorsOf(requestIds)).toEqual([]);
  expect((await portalLog()).filter((line) => !line.startsWith('{') && ofNext.test(line))).toEqual([]);
  const done = await asSuperuser((client) =>
    client.query('SELECT DISTINCT action FROM audit_event WHERE tenant_id = $1', [id]),
  );
  expect(done.rows).toEqual([{ action: 'session.signed-in' }]);
});

/** Sends `form` to an action. Fails on answers that are a failure of ours. */
async function send(
  http: APIRequestContext,
  path: string,
  actionId: string,
  { contentType, body, what }: GarbledForm,
  byScript: boolean,
): Promise<{ readonly status: number; readonly requestId: string }> {
  const answer = await http.post(path, {
    headers: {
      origin: stack.origin,
      'content-type': contentType,
      ...(byScript && { 'next-action': actionId, accept: 'text/x-component' }),
    },
    data: byScript ? body : withoutScript(body, actionId),
    maxRedirects: 0,
  });
  const text = await answer.text();
  expect(answer.status(), `${path} ${what}`).toBeLessThan(500);
  expect(text, `${path} ${what}`).not.toMatch(/"code":"internal"|node_modules|\.js:\d+:\d+/);
  const requestId = answer.headers()['x-request-id'] ?? '';
  await answer.dispose();
  return { status: answer.status(), requestId };
}

const nothing: Ids = {
  customer: 'nobody',
  extract: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  endpoint: 'none',
  workbench: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  version: '99',
};

/** The same fields, as a page without JavaScript names them. */
const withoutScript = (body: GarbledForm['body'], actionId: string): Buffer =>
  Buffer.from(
    body.toString('latin1').replaceAll('"_1_', '"').replaceAll('$ACTION_ID_x', `$ACTION_ID_${actionId}`),
    'latin1',
  );
