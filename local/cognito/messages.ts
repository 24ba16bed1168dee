import type { StandIn } from '../aws/core/service';
import { temporaryPasswordDays } from './users';

/** Cognito's own sender, as in a pool without an e-mail configuration. */
const from = 'no-reply@verificationemail.com';

/** A message of the pool. `{username}` and `{####}` (the password or the code) stand for what each person gets. */
interface Template {
  readonly subject: string;
  readonly text: string;
}

/** The mails of the pool. */
export interface Messages {
  readonly templates: { readonly invitation: Template; readonly confirmation: Template };
  /** Invites a person to the portal, with the temporary password. */
  invite(to: string, temporaryPassword: string): Promise<void>;
  sendCode(to: string, code: string): Promise<void>;
}

/** The mails of a pool that signs people in to `portal`, an origin. */
export function createMessages(standIn: StandIn, portal: string): Messages {
  const invitation: Template = {
    subject: 'Your invitation to Annex',
    text: `You are invited to Annex.

Sign in: ${portal}/
Email: {username}
Temporary password: {####}

The temporary password works for ${temporaryPasswordDays} days. When you first sign in, you choose a password of your own.
`,
  };
  const confirmation: Template = {
    subject: 'Your confirmation code for Annex',
    text: `Your confirmation code is {####}

It works for 24 hours. If you did not sign up for Annex, ignore this mail.
`,
  };

  async function send({ subject, text }: Template, to: string, secret: string): Promise<void> {
    const values: Readonly<Record<string, string>> = { '{username}': to, '{####}': secret };
    await standIn.services.outbox.deliver({
      service: 'Amazon Cognito',
      from,
      to,
      subject,
      text: text.replace(/\{(?:username|####)\}/g, (name) => values[name] ?? name),
    });
  }

  return {
    templates: { invitation, confirmation },
    invite: (to, temporaryPassword) => send(invitation, to, temporaryPassword),
    sendCode: (to, code) => send(confirmation, to, code),
  };
}
