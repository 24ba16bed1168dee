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
 * Sends the tab to Studio by a URL that signs in once and is never cached: `route` sees to it. A person looks at this
 * tab: what failed is said by a page and not by a problem document.
 */
export const POST = Object.assign(async (request: NextRequest, context: RouteContext): Promise<Response> => {
  const response = await launch(request, context);
  if (response.status < 400) return response;
  const { code } = (await response.json()) as Problem;
  return seeOther(code === 'unauthenticated' ? '/workbench' : `/workbench/launch-failed?why=${code}`);
}, access);
