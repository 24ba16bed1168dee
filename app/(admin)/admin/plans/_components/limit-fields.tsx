import { Cell, DataTable, RowHead } from '@/components/data/table';
import { limitWords } from '@/lib/domain/plans/limits';
import { budgetBrakes, countedLimits, type PlanLimits } from '@/lib/domain/plans/ports';
import { fields } from '../fields';
import { brakeWords } from '../words';

/** A workbench that a plan can include. */
export interface OfferedVariant {
  readonly id: string;
  readonly name: string;
  /** Whether Service Catalog offers it now, as far as is known. */
  readonly isOffered: boolean;
}

/** The fields of a plan's limits, filled with `limits`. */
export function LimitFields({
  limits,
  variants,
}: {
  readonly limits: PlanLimits;
  readonly variants: readonly OfferedVariant[];
}) {
  return (
    <div className="space-y-5">
      <DataTable label="Limits" columns={[{ label: 'Limit' }, { label: 'Meaning' }, { label: 'At most' }]}>
        {countedLimits.map((limit) => (
          <tr key={limit}>
            <RowHead>
              <label htmlFor={limit}>{limitWords[limit].name}</label>
            </RowHead>
            <Cell>
              <div id={`${limit}-about`}>{limitWords[limit].meaning}</div>
            </Cell>
            <Cell>
              <input
                id={limit}
                name={limit}
                type="number"
                inputMode="numeric"
                min={1}
                step={1}
                placeholder="No limit"
                defaultValue={limits[limit] ?? ''}
                aria-describedby={`${limit}-about`}
                className="field block w-36"
              />
            </Cell>
          </tr>
        ))}
      </DataTable>
      <p className="text-sm text-muted">An empty field means no limit.</p>
      <VariantChoice chosen={limits.variants} variants={variants} />
      <BrakeChoice chosen={limits.budgetBrake} />
    </div>
  );
}

function VariantChoice({
  chosen,
  variants,
}: {
  readonly chosen: PlanLimits['variants'];
  readonly variants: readonly OfferedVariant[];
}) {
  return (
    <fieldset className="space-y-2 border border-line bg-plate px-5 py-4">
      <legend className="px-1 font-semibold">Workbenches</legend>
      <Choice
        name={fields.which}
        value="all"
        label="All that Service Catalog offers"
        checked={chosen === null}
      />
      <Choice name={fields.which} value="some" label="Only these" checked={chosen !== null} />
      <div className="space-y-2 pl-7">
        {variants.map(({ id, name, isOffered }) => (
          <label key={id} className="flex gap-3 text-sm">
            <input
              type="checkbox"
              name={fields.variant}
              value={id}
              defaultChecked={chosen?.includes(id) ?? false}
              className="mt-0.5 size-4 shrink-0 accent-action"
            />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {name}
              {isOffered ? null : <span className="text-muted"> (no longer offered)</span>}
            </span>
          </label>
        ))}
        {variants.length === 0 ? <p className="text-sm text-muted">Service Catalog offers none.</p> : null}
      </div>
    </fieldset>
  );
}

function BrakeChoice({ chosen }: { readonly chosen: PlanLimits['budgetBrake'] }) {
  return (
    <fieldset className="space-y-2 border border-line bg-plate px-5 py-4">
      <legend className="px-1 font-semibold">When the monthly budget is used up</legend>
      {budgetBrakes.map((brake) => (
        <Choice
          key={brake}
          name={fields.brake}
          value={brake}
          label={brakeWords[brake].name}
          about={brakeWords[brake].about}
          checked={chosen === brake}
        />
      ))}
    </fieldset>
  );
}

function Choice({
  name,
  value,
  label,
  about,
  checked,
}: {
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly about?: string;
  readonly checked: boolean;
}) {
  const id = `${name}-${value}`;
  return (
    <div className="flex gap-3 text-sm">
      <input
        id={id}
        type="radio"
        name={name}
        value={value}
        defaultChecked={checked}
        required
        aria-describedby={about === undefined ? undefined : `${id}-about`}
        className="mt-0.5 size-4 shrink-0 accent-action"
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {about === undefined ? null : (
          <p id={`${id}-about`} className="text-xs text-muted">
            {about}
          </p>
        )}
      </div>
    </div>
  );
}
