import { everyRow } from '@/lib/domain/cursor';
import { peopleCsv } from '@/lib/domain/people/people-csv';
import { listPeople } from '@/lib/domain/people/verbs/list-people';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';

/** The tenant’s people as CSV. */
export const GET = route({ action: listPeople.action, scope: 'tenant' }, async (context, request) => {
  const at = context.now();
  const people = everyRow(
    (cursor) => listPeople(context, { cursor, limit: 200 }),
    (page) => page.people,
  );
  const file = { parts: ['people', context.tenant.id], at, subject: 'people' };
  return csvDownload(context, request, file, peopleCsv(people, at));
});
