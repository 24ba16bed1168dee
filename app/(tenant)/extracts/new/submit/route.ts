import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { isAnnexError } from '@/lib/errors';
import { pageRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';
import { fields, readDraft } from '../draft';
import { refusedHref } from '../refusal';

/**
 * Submits the form, with or without a script, and shows the extract. A refusal is explained by the form, with all that was
 * filled in.
 */
export const POST = pageRoute(
  { action: submitExtract.action, scope: 'tenant' },
  async (context, request) => {
    // A copy: what is refused is read again.
    const form = await request.clone().formData();
    const id = idOf(form);
    const { columns, ...draft } = readDraft(form);
    try {
      const { requestId } = await submitExtract(context, {
        draft: { ...draft, ...(columns ? { columns: [...columns] } : {}) },
        ...(id ? { requestId: id } : {}),
      });
      return seeOther(`/extracts/${requestId}`);
    } catch (error) {
      // AWS has limits too, under the same code, and they pass.
      if (!isAnnexError(error, 'throttled') || error.transient) throw error;
      context.log.info({ reason: error.message }, 'an extract was refused');
      return refused(form, 'limit');
    }
  },
  async ({ code }, request) => refused(await request.formData().catch(() => new FormData()), code),
);

const refused = (form: FormData, code: string): Response =>
  seeOther(refusedHref(readDraft(form), { code, requestId: idOf(form) }));

function idOf(form: FormData): string | null {
  const id = form.get(fields.requestId);
  return typeof id === 'string' && id !== '' ? id : null;
}
