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
    const table = csvTable(await textOf(form.get('file')), {
      needed: ['tenant_id', 'name', 'owner_email'],
      optional: ['workbench'],
      most: mostImported,
    });
    const rows = table.map(({ line, values: { tenant_id, name, owner_email, workbench } }) => ({
      line,
      tenantId: tenant_id ?? '',
      name: name ?? '',
      ownerEmail: owner_email ?? '',
      workbench: workbench ?? '',
    }));
    return { dryRun, lines: await importTenants(context, { rows, dryRun }) };
  },
);

/** The most that a file may have, bytes: 500 lines of 1,000. */
const mostBytes = 500_000;

async function textOf(file: FormDataEntryValue | null): Promise<string> {
  if (file instanceof File && file.size > mostBytes)
    throw noFile('The file is larger than 500 kB. Split it.');
  const text = file instanceof File ? await file.text() : '';
  if (text.trim() === '') throw noFile('Choose a CSV file that is not empty.');
  if (text.includes('\uFFFD')) throw noFile('The file is not UTF-8. Save it as UTF-8.');
  return text;
}

const noFile = (text: string) => new AnnexError('invalid', text, { fields: { file: text } });
