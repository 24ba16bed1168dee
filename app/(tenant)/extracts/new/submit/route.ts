import type { NextRequest } from 'next/server';
import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { isAnnexError } from '@/lib/errors';
import type { Problem } from '@/lib/server/problem';
import { route } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';
import { fields, readDraft } from '../draft';
import { refusedHref } from '../refusal';

const access = { action: submitExtract.action, scope: 'tenant' } as const;

const submit = route(access, async (context, request) => {
  const form = await request.formData();
  const id = idOf(form);
  const { columns, ...draft } = readDraft(form);
  try {
    const { requestId } = await submitExtract(context, {
      draft: { ...draft, ...(columns ? { columns: [...columns] } : {}) },
      ...(id ? { requestId: id } : {}),
    });
    return seeOther(`/extracts/${requestId}`);
  } catch (error) {
    // AWS limits have the same code, but they are temporary.
    if (!isAnnexError(error, 'throttled') || error.transient) throw error;
    context.log.info({ reason: error.message }, 'extract rejected');
    return refused(form, 'limit');
  }
});

type RouteContext = Parameters<typeof submit>[1];

/**
 * Submits the form, with or without JavaScript, and shows the extract. A rejection is shown in the form, which keeps
 * its values, not as a problem document.
 */
export const POST = Object.assign(async (request: NextRequest, context: RouteContext): Promise<Response> => {
  const form = await request
    .clone()
    .formData()
    .catch(() => new FormData());
  const response = await submit(request, context);
  if (response.status < 400) return response;
  const { code } = (await response.json()) as Problem;
  return refused(form, code);
}, access);

const refused = (form: FormData, code: string): Response =>
  seeOther(refusedHref(readDraft(form), { code, requestId: idOf(form) }));

function idOf(form: FormData): string | null {
  const id = form.get(fields.requestId);
  return typeof id === 'string' && id !== '' ? id : null;
}
