import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { awsNames } from '@/local/aws-names';
import { AwsError, type HttpService, type Payload, type StandIn } from '../core/service';
import { mailIdentityArn } from '../iam/arns';
import { optionalText, structure, texts } from '../wire/rpc-input';

type Input = Record<string, unknown>;

/** The largest request, bytes. AWS takes 40 MB, with attachments, which are not here. */
export const maxMailBytes = 64 * 1024;
/** SES's limit of a mail's recipients. */
const maxRecipients = 50;

/** Amazon SES v2: `SendEmail` of plain text from the one verified address. */
export function createSes(standIn: StandIn): HttpService {
  return {
    name: 'ses',
    async handle(request, response, caller, requestId, payload) {
      if (!caller || !payload)
        throw new AwsError('AccessDeniedException', 'Missing Authentication Token', 403);
      checkOperation(request);
      const input = await inputOf(payload);
      const from = addressOf(required(input, 'FromEmailAddress'));
      standIn.authorize(caller, 'ses:SendEmail', mailIdentityArn(from));
      const recipients = recipientsOf(input);
      const content = contentOf(input);
      if (from !== awsNames.mailFrom) {
        const text = 'Email address is not verified. The following identities failed the check in region';
        throw new AwsError('MessageRejected', `${text} ${standIn.region.toUpperCase()}: ${from}`);
      }
      for (const to of recipients) {
        await standIn.services.outbox.deliver({ service: 'Amazon SES', from, to, ...content });
      }
      response.writeHead(200, { 'content-type': 'application/json', 'x-amzn-requestid': requestId });
      response.end(JSON.stringify({ MessageId: randomUUID() }));
    },
  };
}

function checkOperation({ method, url = '/' }: IncomingMessage): void {
  if (method === 'POST' && url.split('?', 1)[0] === '/v2/email/outbound-emails') return;
  throw new AwsError('UnknownOperationException', 'Only SendEmail is here.', 404);
}

async function inputOf({ body }: Payload): Promise<Input> {
  const input = await json(body).catch(() => null);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Input;
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
}

function recipientsOf(input: Input): readonly string[] {
  const destination = structure(input, 'Destination');
  const given = ['ToAddresses', 'CcAddresses', 'BccAddresses'].flatMap((name) => texts(destination, name));
  if (given.length === 0) throw bad('Destination must have at least one recipient.');
  if (given.length > maxRecipients) throw bad(`Recipient count exceeds ${maxRecipients}.`);
  return given.map(addressOf);
}

function contentOf(input: Input): { readonly subject: string; readonly text: string } {
  const content = structure(input, 'Content');
  const body = structure(structure(content, 'Simple'), 'Body');
  if (Object.keys(content).some((kind) => kind !== 'Simple') || body.Html) {
    throw bad('This stand-in sends Content.Simple with Body.Text alone.');
  }
  const subject = required(structure(structure(content, 'Simple'), 'Subject'), 'Data');
  if (/\p{Cc}/u.test(subject)) throw bad('Subject contains control characters.');
  return { subject, text: required(structure(body, 'Text'), 'Data') };
}

/** `ada@foo.example` of itself or of `Ada <ada@foo.example>`. */
function addressOf(given: string): string {
  const address = /^[^<>\p{Cc}]*<([^<>]*)>$/u.exec(given)?.[1] ?? given;
  if (address.length <= 320 && /^[^\s\p{Cc}<>@,;"]+@[^\s\p{Cc}<>@,;"]+$/u.test(address)) return address;
  throw bad(`Local address or domain is not valid: ${given.replace(/\p{Cc}/gu, ' ').slice(0, 320)}`);
}

function required(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value) return value;
  throw bad(`Missing required field: ${name}.`);
}

const bad = (message: string): AwsError => new AwsError('BadRequestException', message);
