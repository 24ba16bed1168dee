import { launchStudio } from '@/lib/domain/workbench/verbs/launch-studio';
import { pageRoute } from '@/lib/server/route';
import { seeOther } from '@/lib/server/see-other';

/** Redirects the tab to Studio by a URL that signs in once and is never cached. A failure is shown as a page in the tab. */
export const POST = pageRoute(
  { action: launchStudio.action, scope: 'tenant' },
  async (context) => seeOther((await launchStudio(context, undefined)).url),
  ({ code }) => seeOther(code === 'unauthenticated' ? '/workbench' : `/workbench/launch-failed?why=${code}`),
);
