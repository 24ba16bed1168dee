import type { Mail } from '../mail/ports';
import { utcDay } from '../time';
import type { Closing, ClosingTerms } from './ports';

/** To an owner, once an administrator closes the tenant. The reason is the operator’s own note, and stays with it. */
export const closingMail = (
  to: string,
  organisation: string,
  { deleteAfter }: Pick<Closing, 'deleteAfter'>,
  { portal }: ClosingTerms,
): Mail => ({
  to,
  subject: 'Your organisation is being closed in Annex',
  text: `${organisation} is being closed in Annex. Nobody of it can work in Annex any more.

Its data is kept until ${utcDay(deleteAfter)} (UTC). Until then, you and the other owners can download it:

${portal}/export

Then it is deleted: customers, orders, extracts, models, users and the AWS account. That can’t be undone. If this is a mistake, contact your
administrator before that day.
`,
});
