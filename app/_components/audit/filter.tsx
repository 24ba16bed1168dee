'use client';

import Form from 'next/form';
import Link from 'next/link';
import { Button, buttonStyle } from '@/components/ui/button';
import { FilterField } from '@/components/ui/filter-field';
import { KeptFocus } from '@/components/ui/kept-focus';
import { SubmittingSelect } from '@/components/ui/submitting-select';
import { auditedActions, auditedNames } from '@/lib/domain/audit/actions';
import { auditResults } from '@/lib/domain/audit/ports';
import { resultWords } from './lines';
import { type AuditView, filterLabels, isFiltered } from './view';

const actions = auditedNames
  .map((name) => ({ name, words: auditedActions[name].words }))
  .sort((a, b) => a.words.localeCompare(b.words, 'en'));

/** Limits the list: a GET form, which works without JavaScript. `tenants` offers to choose one. */
export function AuditFilterForm({
  path,
  view,
  tenants,
}: {
  readonly path: string;
  readonly view: AuditView;
  readonly tenants: boolean;
}) {
  const { filter } = view;
  return (
    <KeptFocus as="search" label="Audit">
      <Form action={path} prefetch={false} scroll={false} className="flex flex-wrap items-end gap-3">
        {tenants ? (
          <FilterField
            label="Tenant"
            name="tenant"
            value={view.tenantId ?? ''}
            placeholder="Id"
            type="text"
            className="grow basis-32"
            maxLength={40}
          />
        ) : null}
        <FilterField
          label={filterLabels.actor}
          name="actor"
          value={filter.actor ?? ''}
          placeholder="E-mail address"
          type="text"
          maxLength={320}
        />
        <label htmlFor="action" className="grow basis-44 text-xs text-muted sm:grow-0">
          {filterLabels.action}
          <SubmittingSelect name="action" value={filter.action ?? ''}>
            <option value="">All</option>
            {actions.map(({ name, words }) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </SubmittingSelect>
        </label>
        <label htmlFor="result" className="grow basis-32 text-xs text-muted sm:grow-0">
          {filterLabels.result}
          <SubmittingSelect name="result" value={filter.result ?? ''}>
            <option value="">All</option>
            {auditResults.map((result) => (
              <option key={result} value={result}>
                {resultWords[result].words}
              </option>
            ))}
          </SubmittingSelect>
        </label>
        <FilterField
          label={filterLabels.subject}
          name="subject"
          value={filter.subject ?? ''}
          placeholder="Begins with, such as extract/"
          maxLength={400}
        />
        <FilterField
          label={`${filterLabels.from} (UTC)`}
          name="from"
          value={filter.from ?? ''}
          type="date"
          className="grow basis-36 sm:grow-0"
        />
        <FilterField
          label={`${filterLabels.to} (UTC)`}
          name="to"
          value={filter.to ?? ''}
          type="date"
          className="grow basis-36 sm:grow-0"
        />
        <Button type="submit">Apply</Button>
        {isFiltered(view) ? (
          <Link href={path} prefetch={false} scroll={false} className={buttonStyle('quiet')}>
            Clear
          </Link>
        ) : null}
      </Form>
    </KeptFocus>
  );
}
