import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { allows } from '@/lib/domain/authorize';
import { PortalClient } from '../local/seed/portal-client';
import { type GarbledForm, garbledForms } from './garbled-forms';
import { actions as expected } from './isolation/action-entries';
import { addressOf, builtEntries } from './isolation/built-entries';
import { asSuperuser } from './isolation/database';
import type { Ids } from './isolation/entries';
import { errorsOf, portalLog } from './portal-log';
import { journeyStack as stack } from './stack';
import { mintTenant, mintUser, password } from './tenants';

/** Forms for each action, each sent by script and without. `npm run fuzz` has 5,000. */
const formsPerAction = Number(process.env.ANNEX_FUZZ ?? 40);
/** Fewer than one tenant may have in progress, so that every form is read. */
const parallel = 8;

/** What Next and React write about a form that they cannot read, with a stack trace and no request. */
const ofNext = /Server Action|Connection closed|Malformed part|enqueueModel|base64 encoded/;

test('garbled forms do nothing with any action, and are no failure of ours', async () => {
  test.setTimeout(600_000 + formsPerAction * 1_000);
  const { id } = await mintTenant();
  const admin = await mintUser('admin');
  // Whoever may do it sends it: the refusals of others are audited.
  const senders = {
    scientist: await Sender.signedIn(await mintUser('scientist', id)),
    owner: await Sender.signedIn(await mintUser('owner', id)),
    admin: await Sender.signedIn(admin),
    seller: await Sender.signedIn(await mintUser('seller')),
  };
  const { actions } = await builtEntries();
  expect(Object.keys(actions).length).toBeGreaterThan(5);
  const requestIds: string[] = [];
  for (const [at, [name, { id: actionId, page }]] of Object.entries(actions).entries()) {
    const forms = garbledForms(at, formsPerAction);
    const needs = expected[name]?.needs;
    const role = (['scientist', 'owner', 'admin', 'seller'] as const).find(
      (each) => needs && allows({ roles: [each] }, needs),
    );
    const sender = senders[role ?? 'scientist'];
    const statuses = new Map<number, number>();
    const sendForms = async () => {
      // All share one generator, so that each form is sent once.
      for (const form of forms) {
        for (const byScript of [true, false]) {
          const { status, requestId } = await sender.send(addressOf(page, nothing), actionId, form, byScript);
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
    client.query(
      'SELECT DISTINCT action FROM audit_event WHERE tenant_id = $1 OR actor_name = $2 ORDER BY 1',
      [id, admin],
    ),
  );
  // A form without a field is the one that runs the doctor, who changes nothing but the record of what was found.
  expect(done.rows.map(({ action }) => action)).toEqual(['doctor.run', 'session.signed-in']);
});

/** Sends forms for somebody, and keeps the cookies that come back. Playwright's client records every request, which is too slow for as many. */
class Sender {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: parallel });

  private constructor(private readonly cookies: Map<string, string>) {}

  static async signedIn(email: string): Promise<Sender> {
    const client = await PortalClient.signedIn(stack.origin, email, password);
    const { cookies } = await client.http.storageState();
    await client.close();
    return new Sender(new Map(cookies.map(({ name, value }) => [name, value])));
  }

  /** Sends `form` to an action. Throws for an answer that is a failure of ours. */
  async send(
    path: string,
    actionId: string,
    { contentType, body, what }: GarbledForm,
    byScript: boolean,
  ): Promise<{ readonly status: number; readonly requestId: string }> {
    const { status, headers, html } = await this.post(path, byScript ? body : withoutScript(body, actionId), {
      'content-type': contentType,
      ...(byScript && { 'next-action': actionId, accept: 'text/x-component' }),
    });
    if (status >= 500 || /"code":"internal"|node_modules|\.js:\d+:\d+/.test(html))
      throw new Error(`${path} ${what}: ${status} ${html.slice(0, 2000)}`);
    return { status, requestId: String(headers['x-request-id']) };
  }

  private post(path: string, body: Buffer, headers: Readonly<Record<string, string>>) {
    return new Promise<{ status: number; headers: IncomingHttpHeaders; html: string }>((resolve, reject) => {
      const sent = request(
        `${stack.origin}${path}`,
        {
          method: 'POST',
          agent: this.agent,
          headers: {
            origin: stack.origin,
            'content-length': body.length,
            cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            ...headers,
          },
        },
        (answer) => {
          for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
          text(answer).then(
            (html) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, html }),
            reject,
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

const nothing: Ids = {
  customer: 'nobody',
  extract: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  endpoint: 'none',
  workbench: '01ARZ3NDEKTSV4RRFFQ69G5FAW',
  version: '99',
  person: '00000000-0000-4000-8000-000000000000',
  tenant: 'nobody',
};

/** The same fields, as a page without JavaScript names them. */
const withoutScript = (body: GarbledForm['body'], actionId: string): Buffer =>
  Buffer.from(
    body.toString('latin1').replaceAll('"_1_', '"').replaceAll('$ACTION_ID_x', `$ACTION_ID_${actionId}`),
    'latin1',
  );
