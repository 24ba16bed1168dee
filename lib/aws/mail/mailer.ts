import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { z } from 'zod';
import type { Mail, Mailer } from '@/lib/domain/mail/ports';
import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';
import { portalClient } from '../core/clients';
import { aws } from '../core/errors';

/** A mail's address takes this many characters at most (RFC 5321, 4.5.3.1.3). */
const address = z.email().max(254);
/** What ends a line would begin a header of the sender's choice. */
const oneLine = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u);

/** Annex's mail, by Amazon SES, from `ANNEX_MAIL_FROM`. */
export function mailer(): Mailer {
  return {
    async send(mail) {
      const { to, subject, text } = checked(mail);
      const command = new SendEmailCommand({
        FromEmailAddress: env().ANNEX_MAIL_FROM,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: { Data: subject, Charset: 'UTF-8' },
            Body: { Text: { Data: text, Charset: 'UTF-8' } },
          },
        },
      });
      await aws('sending a mail', () => portalClient(SESv2Client).send(command));
    },
  };
}

function checked({ to, subject, text }: Mail): Mail {
  const fields = {
    ...(!address.safeParse(to).success && { to: 'Enter one email address.' }),
    ...(!oneLine.safeParse(subject).success && { subject: 'Enter one line of at most 200 characters.' }),
    ...(text.trim() === '' && { text: 'Enter a text.' }),
  };
  if (Object.keys(fields).length === 0) return { to, subject: subject.trim(), text };
  throw new AnnexError('invalid', 'The mail was not sent: its address, subject or text is not valid.', {
    fields,
  });
}
