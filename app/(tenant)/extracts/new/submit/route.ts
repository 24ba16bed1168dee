import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { problemDocument } from '@/lib/server/problem';
import { formOf } from '@/lib/server/request';
import { pageRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';
import { fields, readDraft } from '../draft';
import { limitOf, refusedHref } from '../refusal';

/**
 * Submits the form, with or without JavaScript, and shows the extract. A rejection is shown in the form, which keeps its values.
 */
export const POST = pageRoute(
  { action: submitExtract.action, scope: 'tenant' },
  async (context, request) => {
    // A copy: what is refused is read again.
    const form = await formOf(request.clone());
    const id = idOf(form);
    const { columns, ...draft } = readDraft(form);
    try {
      const { requestId } = await submitExtract(context, {
        draft: { ...draft, ...(columns ? { columns: [...columns] } : {}) },
        ...(id ? { requestId: id } : {}),
      });
      return goOn(request, `/extracts/${requestId}`);
    } catch (error) {
      const limit = limitOf(error);
      if (limit === null) throw error;
      context.log.info({ limit }, 'extract rejected');
      return refused(request, form, limit);
    }
  },
  async (problem, request) => {
    if (problem.code === 'unauthenticated' && isScript(request)) return problemDocument(problem);
    return refused(request, await request.formData().catch(() => new FormData()), problem.code);
  },
);

const refused = (request: Request, form: FormData, code: string): Response =>
  goOn(request, refusedHref(readDraft(form), { code, requestId: idOf(form) }));

/** Leads a browser to `href`; the page's script goes there itself. */
const goOn = (request: Request, href: string): Response =>
  isScript(request) ? Response.json({ href }) : seeOther(href);

const isScript = (request: Request): boolean => request.headers.get('accept') === 'application/json';

function idOf(form: FormData): string | null {
  const id = form.get(fields.requestId);
  return typeof id === 'string' && id !== '' ? id : null;
}
