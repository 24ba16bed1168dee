import type { NextRequest } from 'next/server';
import { submitExtract } from '@/lib/domain/extracts/submit-extract';
import type { Problem } from '@/lib/server/problem';
import { route } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';
import { draftHref, fields, readDraft } from '../draft';

const access = { action: submitExtract.action, scope: 'tenant' } as const;

const submit = route(access, async (context, request) => {
  const form = await request.formData();
  const id = form.get(fields.requestId);
  const { columns, ...draft } = readDraft(form);
  const { requestId } = await submitExtract(context, {
    draft: { ...draft, ...(columns ? { columns: [...columns] } : {}) },
    ...(typeof id === 'string' && id ? { requestId: id } : {}),
  });
  return seeOther(`/extracts/${requestId}`);
});

type RouteContext = Parameters<typeof submit>[1];

/**
 * Submits the form, with or without a script, and shows the extract. What was refused is said by the form, with all that was
 * filled in, and not by a problem document.
 */
export const POST = Object.assign(async (request: NextRequest, context: RouteContext): Promise<Response> => {
  const form = await request
    .clone()
    .formData()
    .catch(() => new FormData());
  const response = await submit(request, context);
  if (response.status < 400) return response;
  const { code } = (await response.json()) as Problem;
  return seeOther(`${draftHref(readDraft(form))}&refused=${code}`);
}, access);
