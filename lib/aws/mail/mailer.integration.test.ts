import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { mailer } from './mailer';

let aws: ProductAws;
beforeAll(async () => {
  aws = await startProductAws();
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.stop());

const ada = 'ada@foo.example';
const mail = (more: Partial<{ to: string; subject: string; text: string }> = {}) => ({
  ...{ to: ada, subject: 'Your extract is ready', text: 'Über ☕\n' },
  ...more,
});
const sent = () => aws.standIn.services.outbox.list();

async function failureOf(promise: Promise<unknown>): Promise<AnnexError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof AnnexError) return error;
  throw new Error(`not an AnnexError: ${String(error)}`);
}

it('sends from Annex’s own address', async () => {
  await mailer().send(mail());
  expect(await sent()).toMatchObject([
    { ...mail(), from: aws.environment.ANNEX_MAIL_FROM, service: 'Amazon SES' },
  ]);
});

describe('a mail that cannot be one', () => {
  it.each([
    ['', 'to'],
    ['ada', 'to'],
    ['ada@foo.example\r\nBcc: all@foo.example', 'to'],
    ['ada@foo.example, grace@foo.example', 'to'],
    ['Ada <ada@foo.example>', 'to'],
    [`${'a'.repeat(250)}@foo.example`, 'to'],
    ['', 'subject'],
    ['   ', 'subject'],
    ['Hello\r\nBcc: all@foo.example', 'subject'],
    ['Hello\u0000', 'subject'],
    ['Hello\u2028there', 'subject'],
    ['x'.repeat(201), 'subject'],
    [' \n', 'text'],
  ])('is refused before AWS sees it: %j as %s', async (value, field) => {
    const before = await sent();
    const error = await failureOf(mailer().send(mail({ [field]: value })));
    expect([error.code, Object.keys(error.fields)]).toEqual(['invalid', [field]]);
    expect(await sent()).toEqual(before);
  });
});

describe('when AWS refuses', () => {
  it.each([
    ['AccessDeniedException: no', 'dependency_denied'],
    ['MessageRejected: Email address is not verified.', 'dependency_failed'],
    ['TooManyRequestsException: Maximum sending rate exceeded.', 'throttled'],
    ['InternalFailure: asked for', 'dependency_failed'],
  ])('%s becomes %s', async (message, code) => {
    await aws.fault('request', 'ses.SendEmail', { times: 3, message });
    const error = await failureOf(mailer().send(mail()));
    expect(error.code).toBe(code);
    expect(error.message).toContain('sending a mail');
  });

  it('tries again while AWS is throttling', async () => {
    const before = (await sent()).length;
    await aws.fault('request', 'ses.SendEmail', { message: 'TooManyRequestsException: slow down' });
    await mailer().send(mail());
    expect(await sent()).toHaveLength(before + 1);
  });
});
