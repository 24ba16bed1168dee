import { Term } from '@/components/ui/term';
import type { VariantParameter, WorkbenchVariant } from '@/lib/domain/workbench/ports';
import { parameterField } from './request-fields';

/** The variants to choose from, each with its settings. The first is preselected. */
export function VariantCards({ variants }: { readonly variants: readonly WorkbenchVariant[] }) {
  return (
    <fieldset>
      <legend className="text-lg font-semibold">
        <Term name="variant" />
      </legend>
      <div className="mt-3 grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
        {variants.map((variant, index) => (
          <div
            key={variant.id}
            className="row-span-3 grid grid-rows-subgrid gap-0 border border-line bg-plate has-[input:checked]:border-ink has-[input:checked]:shadow-[inset_0_2px_0_var(--color-ink)]"
          >
            <label className="flex gap-3 px-5 pt-4 pb-3">
              <input
                type="radio"
                name="variantId"
                value={variant.id}
                defaultChecked={index === 0}
                required
                aria-describedby={`about-${variant.id}`}
                className="mt-1 size-4 shrink-0 accent-action"
              />
              <span className="font-semibold">{variant.name}</span>
            </label>
            <p id={`about-${variant.id}`} className="px-5 pb-4 pl-12 text-sm text-muted">
              {variant.description}
            </p>
            {variant.parameters.length > 0 ? (
              <div className="space-y-4 border-t border-line px-5 py-4 pl-12">
                {variant.parameters.map((parameter) => (
                  <Parameter key={parameter.key} variant={variant} parameter={parameter} />
                ))}
              </div>
            ) : null}
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function Parameter({
  variant,
  parameter,
}: {
  readonly variant: WorkbenchVariant;
  readonly parameter: VariantParameter;
}) {
  const id = parameterField(variant.id, parameter.key);
  const described = parameter.description ? `${id}-about` : undefined;
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {parameter.label}
      </label>
      {parameter.description ? (
        <p id={described} className="text-xs text-muted">
          {parameter.description}
        </p>
      ) : null}
      {parameter.allowedValues.length > 0 ? (
        <select
          id={id}
          name={id}
          defaultValue={parameter.defaultValue}
          aria-describedby={described}
          className="field mt-1 w-full max-w-72"
        >
          {parameter.allowedValues.map((value) => (
            <option key={value}>{value}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={id}
          defaultValue={parameter.defaultValue}
          maxLength={256}
          aria-describedby={described}
          className="field mt-1 w-full max-w-72"
        />
      )}
    </div>
  );
}
