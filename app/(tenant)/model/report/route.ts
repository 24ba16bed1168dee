import { getReport } from '@/lib/domain/models/verbs/get-report';
import { utcDay } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { route } from '@/lib/server/route';

/** The newest contract report of the endpoint in the URL, as JSON. */
export const GET = route({ action: getReport.action, scope: 'tenant' }, async (context, request) => {
  const endpointName = request.nextUrl.searchParams.get('endpoint') ?? '';
  const found = await getReport(context, { endpointName });
  if (!found) throw new AnnexError('not_found', 'This endpoint has not been tested.');
  const { report } = found;
  const day = utcDay(report.testedAt);
  return new Response(`${JSON.stringify(report, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json',
      'content-disposition': `attachment; filename="contract-report-${endpointName}-${day}.json"`,
    },
  });
});
