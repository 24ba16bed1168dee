import { getInterface } from '@/lib/domain/models/verbs/get-interface';
import { route } from '@/lib/server/route';

/** The JSON Schema of the churn interface, for download. */
export const GET = route({ action: getInterface.action, scope: 'tenant' }, async (context) => {
  const { schema, version } = await getInterface(context, undefined);
  return new Response(`${JSON.stringify(schema, null, 2)}\n`, {
    headers: {
      'content-type': 'application/schema+json',
      'content-disposition': `attachment; filename="churn-interface-${version}.schema.json"`,
    },
  });
});
