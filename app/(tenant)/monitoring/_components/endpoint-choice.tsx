import Form from 'next/form';
import { Button } from '@/components/ui/button';
import { SubmittingSelect } from '@/components/ui/submitting-select';
import type { VersionChoice } from '@/lib/domain/monitoring/get-metrics';
import { defaultRange, type MonitoringView } from '../view';

/** Which version, and which variant of its endpoint, is looked at: a form of the address, which needs no script. */
export function EndpointChoice({
  view,
  choices,
  version,
  variants,
  variant,
}: {
  readonly view: MonitoringView;
  readonly choices: readonly VersionChoice[];
  /** Null: none yet. */
  readonly version: number | null;
  readonly variants: readonly string[];
  readonly variant: string | null;
}) {
  return (
    <Form action="/monitoring" prefetch={false} scroll={false} className="flex flex-wrap items-end gap-3">
      {view.range === defaultRange ? null : <input type="hidden" name="range" value={view.range} />}
      <label htmlFor="version" className="min-w-0 text-xs text-muted">
        Version
        <SubmittingSelect name="version" value={version === null ? '' : String(version)}>
          {version === null ? <option value="">Choose</option> : null}
          {choices.map((choice) => (
            <option key={choice.version} value={choice.version}>
              {choice.version}: {choice.endpointName}
            </option>
          ))}
        </SubmittingSelect>
      </label>
      {variants.length > 1 && variant !== null ? (
        <label htmlFor="variant" className="text-xs text-muted">
          Variant
          <SubmittingSelect name="variant" value={variant}>
            {variants.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </SubmittingSelect>
        </label>
      ) : null}
      <Button type="submit">Show</Button>
    </Form>
  );
}
