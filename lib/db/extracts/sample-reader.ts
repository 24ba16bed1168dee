import type { SampleReader } from '@/lib/domain/policies/ports';
import { readControl } from '../core/control-scope';
import { Prisma } from '../generated/client';

/** Runs queries over generated rows as the control plane, which has no privileges on the CRM. */
export function sampleReader(): SampleReader {
  return {
    read: ({ statement, rows }) =>
      readControl(async (query) => {
        const parts = statement.split('{rows}');
        const [, found] = await Promise.all([
          query(
            Prisma.sql`SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true)`,
          ),
          query<Record<string, string | null>>(
            Prisma.sql(parts, ...Array.from({ length: parts.length - 1 }, () => rows)),
          ),
        ]);
        return found;
      }),
  };
}
