import type { NextRequest } from 'next/server';
import { launchStudio } from '@/lib/domain/workbench/verbs/launch-studio';
import type { Problem } from '@/lib/server/problem';
import { route } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

const access = { action: launchStudio.action, scope: 'tenant' } as const;

const launch = route(access, async (context) => {
  const { url } = await launchStudio(context, undefined);
  return seeOther(url);
});

type RouteContext = Parameters<typeof launch>[1];

/**
 * Redirects the tab to Studio by a URL that signs in once; `route` prevents caching. A person sees this tab, so
 * failures are shown as a page, not as a problem document.
 */
export const POST = Object.assign(async (request: NextRequest, context: RouteContext): Promise<Response> => {
  const response = await launch(request, context);
  if (response.status < 400) return response;
  const { code } = (await response.json()) as Problem;
  return seeOther(code === 'unauthenticated' ? '/workbench' : `/workbench/launch-failed?why=${code}`);
}, access);
