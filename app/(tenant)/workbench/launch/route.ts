import type { NextRequest } from 'next/server';
import { launchStudio } from '@/lib/domain/workbench/verbs/launch-studio';
import { pageRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

/**
 * Redirects the tab to Studio by a URL that signs in once and is never cached; with the field `space` or `app`, to that space or app. A
 * failure is shown as a page in the tab.
 */
export const POST = pageRoute(
  { action: launchStudio.action, scope: 'tenant' },
  async (context, request) => seeOther((await launchStudio(context, await placeIn(request))).url),
  async ({ code }, request) => {
    if (code === 'unauthenticated') return seeOther('/workbench');
    const { space } = await placeIn(request);
    const why = new URLSearchParams({ why: code, ...(space === undefined ? {} : { space }) });
    return seeOther(`/workbench/launch-failed?${why}`);
  },
);

type Place = NonNullable<Parameters<typeof launchStudio>[1]>;

/** Where the form leads; read from a copy, as both of the above read it. */
async function placeIn(request: NextRequest): Promise<{ space?: string; app?: Place['app'] }> {
  const form = await request
    .clone()
    .formData()
    .catch(() => null);
  const [space, app] = [form?.get('space'), form?.get('app')];
  return {
    ...(space == null ? {} : { space: String(space) }),
    // The verb refuses an app that it does not know.
    ...(app == null ? {} : { app: String(app) as NonNullable<Place['app']> }),
  };
}
