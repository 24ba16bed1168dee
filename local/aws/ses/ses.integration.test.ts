import {
  GetAccountCommand,
  SESv2Client,
  SendEmailCommand,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awsNames } from '@/local/aws-names';
import { clientConfig, type Keys, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.stop());

const content = (subject: string, text: string): SendEmailCommandInput['Content'] => ({
  Simple: { Subject: { Data: subject, Charset: 'UTF-8' }, Body: { Text: { Data: text, Charset: 'UTF-8' } } },
});
const mail = (more: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput => ({
  FromEmailAddress: awsNames.mailFrom,
  Destination: { ToAddresses: ['ada@foo.example'] },
  Content: content('Grüße', 'Über – naïve ☕\nSecond line'),
  ...more,
});
const send = (more: Partial<SendEmailCommandInput> = {}, keys: Keys = aws.portal) =>
  new SESv2Client(clientConfig(aws, keys)).send(new SendEmailCommand(mail(more)));
const mailsTo = (to: string) => aws.standIn.services.outbox.list({ to });
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('SendEmail', () => {
  it('puts the mail into the outbox', async () => {
    const { MessageId } = await send();
    expect(MessageId).toMatch(/^[\w-]{36}$/);
    expect(await mailsTo('ada@foo.example')).toEqual([
      {
        id: expect.any(Number),
        at: expect.any(String),
        service: 'Amazon SES',
        from: awsNames.mailFrom,
        to: 'ada@foo.example',
        subject: 'Grüße',
        text: 'Über – naïve ☕\nSecond line',
      },
    ]);
  });

  it('reaches every recipient, and takes names beside addresses', async () => {
    const FromEmailAddress = `Annex <${awsNames.mailFrom}>`;
    const ToAddresses = ['Grace <grace@bar.example>'];
    await send({ FromEmailAddress, Destination: { ToAddresses, BccAddresses: ['bcc@bar.example'] } });
    for (const to of ['grace@bar.example', 'bcc@bar.example']) {
      expect(await mailsTo(to)).toMatchObject([{ from: awsNames.mailFrom, to }]);
    }
  });

  it('keeps the outbox over a restart', async () => {
    await send({ Destination: { ToAddresses: ['kept@foo.example'] } });
    await aws.restart();
    expect(await mailsTo('kept@foo.example')).toHaveLength(1);
  });

  it('refuses an address that is not verified, as AWS does', async () => {
    for (const FromEmailAddress of ['other@xyz.example', `${awsNames.mailFrom}.evil.example`]) {
      expect(await failure(send({ FromEmailAddress }))).toBe(
        `MessageRejected: Email address is not verified. The following identities failed the check in region US-EAST-1: ${FromEmailAddress}`,
      );
    }
  });

  it.each<[string, Partial<SendEmailCommandInput>]>([
    ['no recipient', { Destination: {} }],
    ['two addresses in one', { Destination: { ToAddresses: ['refused@foo.example, b@foo.example'] } }],
    [
      'another line in an address',
      { Destination: { ToAddresses: ['refused@foo.example\nBcc: b@foo.example'] } },
    ],
    [
      'another line in a name',
      { Destination: { ToAddresses: ['A\r\nBcc: b@foo.example <refused@foo.example>'] } },
    ],
    ['one bad address among good ones', { Destination: { ToAddresses: ['refused@foo.example', 'bad'] } }],
    ['51 recipients', { Destination: { ToAddresses: Array(51).fill('refused@foo.example') } }],
    ['another line in the subject', { Content: content('Hello\r\nBcc: b@foo.example', 'Text') }],
    ['no subject', { Content: content('', 'Text') }],
    ['no text', { Content: content('Hello', '') }],
    ['HTML', { Content: { Simple: { Subject: { Data: 'x' }, Body: { Html: { Data: '<b>' } } } } }],
    ['a raw message', { Content: { Raw: { Data: Buffer.from('To: x') } } }],
    ['a template', { Content: { Template: { TemplateName: 'x' } } }],
    ['no content', { Content: {} }],
    ['no sender', { FromEmailAddress: undefined }],
  ])('refuses %s', async (_what, more) => {
    const Destination = { ToAddresses: ['refused@foo.example'] };
    expect(await failure(send({ Destination, ...more }))).toMatch(/^BadRequestException: /);
    expect(await mailsTo('refused@foo.example')).toEqual([]);
  });
});

describe('who may send', () => {
  it('is no tenant', async () => {
    await aws.vend('foo', '222222222222');
    for (const keys of [await tenantKeys(aws, 'foo'), await tenantKeys(aws, 'foo', '222222222222')]) {
      expect(await failure(send({}, keys))).toMatch(/^AccessDeniedException: .*ses:SendEmail/);
    }
  });

  it('is nobody without the right keys', async () => {
    const forged = { ...aws.portal, secretAccessKey: 'x'.repeat(40) };
    expect(await failure(send({}, forged))).toMatch(/^InvalidSignatureException/);
    const unsigned = await fetch(`${aws.origin}/v2/email/outbound-emails`, { method: 'POST', body: '{}' });
    expect(unsigned.status).toBe(403);
  });
});

it('has no other operation', async () => {
  const account = new SESv2Client(clientConfig(aws, aws.portal)).send(new GetAccountCommand({}));
  expect(await failure(account)).toBe('UnknownOperationException: Only SendEmail is here.');
});

it('refuses a mail that is too large', async () => {
  const response = await failure(send({ Content: content('Hello', 'x'.repeat(70_000)) }));
  expect(response).toContain('HTTP content length exceeded 65536 bytes');
});

it('fails as a trial asks', async () => {
  await aws.fault('request', 'ses.SendEmail', {
    message: 'TooManyRequestsException: Maximum sending rate exceeded.',
  });
  expect(await failure(send())).toBe('TooManyRequestsException: Maximum sending rate exceeded.');
  expect(await failure(send())).toBe('none');
});
