'use server';

import { type ImportedLine, importTenants, mostImported } from '@/lib/domain/onboarding/verbs/import-tenants';
import { AnnexError } from '@/lib/errors';
import { action } from '@/lib/server/action';
import { csvTable } from '@/lib/server/csv-table';

/** What became of a file's lines. */
export interface ImportResult {
  readonly dryRun: boolean;
  readonly lines: readonly ImportedLine[];
}

/** Checks the tenants of a CSV file, or onboards them. */
export const importTenantsAction = action(
  { action: importTenants.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<ImportResult> => {
    const dryRun = form.get('mode') !== 'onboard';
    const table = csvTable(textOf(form.get('csv')), {
      needed: ['tenant_id', 'name', 'owner_email'],
      optional: ['workbench', 'plan'],
      most: mostImported,
    });
    const rows = table.map(({ line, values: { tenant_id, name, owner_email, workbench, plan } }) => ({
      line,
      tenantId: tenant_id ?? '',
      name: name ?? '',
      ownerEmail: owner_email ?? '',
      workbench: workbench ?? '',
      plan: plan ?? '',
    }));
    return { dryRun, lines: await importTenants(context, { rows, dryRun }) };
  },
);

/** The most that the text may have, characters: 500 lines of 1,000. */
const mostCharacters = 500_000;

function textOf(given: FormDataEntryValue | null): string {
  const text = typeof given === 'string' ? given : '';
  if (text.length > mostCharacters) throw noFile('The file is larger than 500 kB. Split it.');
  if (text.trim() === '') throw noFile('Choose a CSV file that is not empty, or paste its lines.');
  if (text.includes('\uFFFD')) throw noFile('The file is not UTF-8. Save it as UTF-8.');
  return text;
}

const noFile = (text: string) => new AnnexError('invalid', text, { fields: { csv: text } });
