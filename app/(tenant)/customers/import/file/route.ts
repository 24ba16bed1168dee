import { importOrders } from '@/lib/domain/crm/verbs/import-orders';
import { AnnexError } from '@/lib/errors';
import { type Problem, problemDocument } from '@/lib/server/problem';
import { uploadRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';
import { readChoices, readingOfChoices } from '../fields';
import { refusedHref } from '../refusal';

const page = '/customers/import';

/** Imports the file of the form while it arrives, with or without JavaScript. The page shows what became of it. */
export const POST = uploadRoute(
  { action: importOrders.action, scope: 'tenant' },
  async (context, { fields, name, bytes }, request) => {
    if (name === null) throw new AnnexError('invalid', 'Choose a file.', { fields: { file: 'missing' } });
    const reading = readingOfChoices(readChoices(fields));
    if (reading === null) {
      throw new AnnexError('invalid', 'Choose the columns and how the dates are written.', {
        fields: { columns: 'missing' },
      });
    }
    const length = Number(request.headers.get('content-length') ?? 0);
    await importOrders(context, { csv: bytes, reading, file: { name, bytes: length } });
    return isScript(request) ? Response.json({ href: page }) : seeOther(page);
  },
  (problem, request) =>
    isScript(request) ? problemDocument(problem) : seeOther(refusedHref(kindOf(problem))),
);

/** What the page says beside the import itself: the reasons for which none was begun. */
function kindOf({ code, fields }: Problem): string | null {
  if ('file' in fields) return 'file';
  if (code === 'invalid') return Object.keys(fields).length > 0 ? 'columns' : null;
  return code;
}

const isScript = (request: Request): boolean => request.headers.get('accept') === 'application/json';
