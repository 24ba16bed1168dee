'use client';

import { useState } from 'react';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatUnits } from '@/components/format';
import { Result } from '@/components/live/result';
import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm, useReturned } from '@/components/ui/action-form';
import { Status } from '@/components/ui/status';
import { SubmitButton } from '@/components/ui/submit-button';
import type { Tone } from '@/components/ui/tones';
import { tenantHref } from '../../words';
import { type ImportResult, importTenantsAction } from '../actions';

/** Chooses a file, checks it, and onboards its tenants. */
export function ImportForm() {
  return (
    <ActionForm act={importTenantsAction} className="space-y-6">
      <div className="max-w-2xl space-y-4 border border-line bg-plate px-5 py-5">
        <CsvFields />
        <ActionFailure title="The file was not read" />
        <div className="flex flex-wrap gap-3">
          <SubmitButton name="mode" value="check" pendingLabel="Checking…" leadsTo={['tenant']}>
            Check file
          </SubmitButton>
          <OnboardButton />
        </div>
      </div>
      <Lines />
    </ActionForm>
  );
}

/** The file’s lines as text, which a script fills in from the file: forms of actions carry no files. */
function CsvFields() {
  const [text, setText] = useState('');
  return (
    <>
      <label className="needs-script block text-sm font-medium">
        CSV file
        <input
          type="file"
          accept=".csv,text/csv"
          onChange={async (event) => setText((await event.currentTarget.files?.[0]?.text()) ?? '')}
          className="field mt-1 block h-auto! w-full py-1.5 font-normal"
        />
      </label>
      <label className="block text-sm font-medium">
        Lines
        <textarea
          name="csv"
          required
          rows={8}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder="tenant_id,name,owner_email,workbench,plan"
          className="field mt-1 block h-auto! w-full font-mono text-xs font-normal"
        />
      </label>
    </>
  );
}

const useResult = () => useReturned() as ImportResult | undefined;

/** Offered once a check has found tenants that can be onboarded. */
function OnboardButton() {
  const result = useResult();
  const ready = result?.dryRun ? result.lines.filter(({ outcome }) => outcome === 'ready').length : 0;
  if (ready === 0) return null;
  return (
    <SubmitButton name="mode" value="onboard" variant="plain" pendingLabel="Onboarding…" leadsTo={['tenant']}>
      Onboard {formatUnits(ready, 'tenant')}
    </SubmitButton>
  );
}

const outcomes = {
  ready: { tone: 'running', words: 'Can be onboarded' },
  onboarded: { tone: 'done', words: 'Being onboarded' },
  refused: { tone: 'failed', words: 'Refused' },
} as const satisfies Readonly<Record<string, { readonly tone: Tone; readonly words: string }>>;

function Lines() {
  const result = useResult();
  if (!result) return null;
  const { dryRun, lines } = result;
  const count = (outcome: keyof typeof outcomes) => lines.filter((line) => line.outcome === outcome).length;
  const words = dryRun
    ? `${count('ready')} can be onboarded, ${count('refused')} refused. Nothing was done yet.`
    : `${count('onboarded')} being onboarded, ${count('refused')} refused.`;
  return (
    <section className="space-y-3">
      <Result name="tenant" mark={JSON.stringify(result)} words={words} className="text-lg">
        {words}
      </Result>
      <DataTable
        label="Lines of the file"
        columns={[
          { label: 'Tenant' },
          { label: 'Line', numeric: true },
          { label: 'Result' },
          { label: 'Reason' },
        ]}
      >
        {lines.map(({ line, tenantId, name, outcome, reason }) => (
          <tr key={line}>
            <RowHead>
              {outcome === 'onboarded' ? (
                <a href={tenantHref(tenantId)} className="row-link [overflow-wrap:anywhere]">
                  {name}
                </a>
              ) : (
                <span className="[overflow-wrap:anywhere]">{name || '–'}</span>
              )}
              <span className="block font-mono text-xs font-normal text-muted [overflow-wrap:anywhere]">
                {tenantId}
              </span>
            </RowHead>
            <Cell numeric>{line}</Cell>
            <Cell>
              <Status tone={outcomes[outcome].tone}>{outcomes[outcome].words}</Status>
            </Cell>
            <Cell long>{reason ?? <Unknown why="No reason" />}</Cell>
          </tr>
        ))}
      </DataTable>
    </section>
  );
}
