'use client';

import Form from 'next/form';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { SubmittingSelect } from '@/components/ui/submitting-select';
import type { MonitoredEndpoint } from '@/lib/domain/monitoring/verbs/get-metrics';
import { defaultRange, type MonitoringView } from '../view';

/** Selects the endpoint and its variant: GET forms, which work without JavaScript. */
export function EndpointChoice({
  view,
  choices,
  chosen,
  variants,
  variant,
}: {
  readonly view: MonitoringView;
  readonly choices: readonly MonitoredEndpoint[];
  /** Null: none yet. */
  readonly chosen: string | null;
  readonly variants: readonly string[];
  readonly variant: string | null;
}) {
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <ChoiceForm view={view} label="Endpoint" name="endpoint" value={chosen ?? ''}>
        {chosen === null ? <option value="">Choose</option> : null}
        {choices.map((choice) => (
          <option key={choice.endpointName} value={choice.endpointName}>
            {choice.endpointName}
            {choice.active === null ? '' : ` (version ${choice.active}, active)`}
          </option>
        ))}
      </ChoiceForm>
      {/* A separate form, because variants belong to one endpoint. */}
      {chosen !== null && variants.length > 1 && variant !== null ? (
        <ChoiceForm view={view} label="Variant" name="variant" value={variant}>
          {variants.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </ChoiceForm>
      ) : null}
    </div>
  );
}

function ChoiceForm({
  view,
  label,
  name,
  value,
  children,
}: {
  readonly view: MonitoringView;
  readonly label: string;
  readonly name: 'endpoint' | 'variant';
  readonly value: string;
  readonly children: ReactNode;
}) {
  return (
    <Form
      action="/monitoring"
      prefetch={false}
      scroll={false}
      className="flex min-w-0 flex-wrap items-end gap-3"
    >
      {view.range === defaultRange ? null : <input type="hidden" name="range" value={view.range} />}
      {name === 'variant' && view.endpoint ? (
        <input type="hidden" name="endpoint" value={view.endpoint} />
      ) : null}
      <label htmlFor={name} className="min-w-0 text-xs text-muted">
        {label}
        <SubmittingSelect name={name} value={value}>
          {children}
        </SubmittingSelect>
      </label>
      <Button type="submit">
        Show<span className="sr-only"> {label.toLowerCase()}</span>
      </Button>
    </Form>
  );
}
