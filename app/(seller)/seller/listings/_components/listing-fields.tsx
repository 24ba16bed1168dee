import { type Listing, measures } from '@/lib/domain/marketplace/listing';
import { dimensionPlaces, fields } from '../fields';
import { measureWords } from '../words';

/** The fields of a listing, filled with `listing`, or empty. */
export function ListingFields({ listing }: { readonly listing: Listing | null }) {
  return (
    <div className="space-y-5">
      <Line
        name={fields.productPage}
        label="Product page"
        about="The last part of its address on AWS Marketplace, such as prodview-abc123. Tenants subscribe there."
        value={listing?.productPage}
        maxLength={64}
      />
      <Line name={fields.title} label="Title" value={listing?.title} maxLength={100} />
      <label className="block min-w-0 max-w-full text-sm font-medium">
        Summary
        <textarea
          name={fields.summary}
          required
          maxLength={500}
          rows={3}
          defaultValue={listing?.summary}
          className="field mt-1 block w-full max-w-3xl font-normal"
        />
      </label>
      <Line
        name={fields.termsUrl}
        label="Terms"
        about="An address that begins with https://. Without one, the terms of AWS Marketplace hold alone."
        type="url"
        value={listing?.termsUrl ?? ''}
        optional
        maxLength={500}
      />
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <Line
          name={fields.contentTypes}
          label="Content types of requests"
          about="Up to five, separated by spaces."
          value={listing?.contentTypes.join(' ') ?? 'text/csv'}
        />
        <Line
          name={fields.accept}
          label="Content type of answers"
          value={listing?.accept ?? 'application/json'}
        />
      </div>
      <fieldset className="min-w-0 space-y-4 border border-line bg-plate px-5 py-4">
        <legend className="px-1 font-semibold">Sample</legend>
        <Line
          name={fields.sampleType}
          label="Content type of the sample"
          value={listing?.sampleType ?? 'text/csv'}
        />
        <label className="block min-w-0 max-w-full text-sm font-medium">
          Sample request
          <textarea
            name={fields.sampleRequest}
            required
            rows={6}
            spellCheck={false}
            defaultValue={listing?.sampleRequest}
            className="field mt-1 block w-full font-mono font-normal"
          />
        </label>
        <p className="text-xs text-muted">
          Buyers try the model with it, and Annex tests each new endpoint by it.
        </p>
      </fieldset>
      <DimensionFields listing={listing} />
    </div>
  );
}

/** A dimension that buyers agreed to keeps its name and its unit. */
function DimensionFields({ listing }: { readonly listing: Listing | null }) {
  const isFixed = listing !== null && listing.state !== 'draft';
  const places = dimensionPlaces.filter((place) => !isFixed || listing.dimensions[place]);
  return (
    <fieldset className="min-w-0 space-y-4 border border-line bg-plate px-5 py-4">
      <legend className="px-1 font-semibold">Dimensions and prices</legend>
      <p className="text-sm text-muted">
        {isFixed
          ? 'The listing was published: its dimensions stay, prices and descriptions can change.'
          : 'What AWS Marketplace meters, by the names that the product has there. A line without a name is left out.'}
      </p>
      {places.map((place) => {
        const dimension = listing?.dimensions[place];
        const label = (words: string) => `Dimension ${place + 1}, ${words}`;
        return (
          <div key={place} className="flex flex-wrap items-end gap-x-4 gap-y-3">
            <label className="block min-w-0 max-w-full text-sm font-medium">
              <span className="block">Name</span>
              <input
                name={`name${place}`}
                aria-label={label('name')}
                required={place === 0}
                readOnly={isFixed}
                maxLength={60}
                defaultValue={dimension?.name}
                autoComplete="off"
                spellCheck={false}
                className="field mt-1 block w-44 font-normal"
              />
            </label>
            <label className="block min-w-0 max-w-full text-sm font-medium">
              <span className="block">Unit</span>
              <select
                name={`measure${place}`}
                aria-label={label('unit')}
                defaultValue={dimension?.measure ?? 'requests'}
                className="field mt-1 block w-60 max-w-full font-normal"
              >
                {measures
                  .filter((measure) => !isFixed || measure === dimension?.measure)
                  .map((measure) => (
                    <option key={measure} value={measure}>
                      {measureWords[measure]}
                    </option>
                  ))}
              </select>
            </label>
            <label className="block min-w-0 max-w-full text-sm font-medium">
              <span className="block">USD a unit</span>
              <input
                name={`usd${place}`}
                aria-label={label('price')}
                type="number"
                inputMode="decimal"
                min={0}
                max={1000}
                step="0.000001"
                required={place === 0}
                defaultValue={dimension?.usd}
                className="field mt-1 block w-32 font-normal"
              />
            </label>
            <label className="block min-w-0 max-w-full grow basis-60 text-sm font-medium">
              <span className="block">Description</span>
              <input
                name={`description${place}`}
                aria-label={label('description')}
                required={place === 0}
                maxLength={200}
                defaultValue={dimension?.description}
                className="field mt-1 block w-full font-normal"
              />
            </label>
          </div>
        );
      })}
    </fieldset>
  );
}

/** A field of one line with its label, and below it what it is for. */
export function Line({
  name,
  label,
  about,
  value,
  type = 'text',
  optional = false,
  maxLength = 200,
  className = 'w-96',
}: {
  readonly name: string;
  readonly label: string;
  readonly about?: string;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'url';
  readonly optional?: boolean;
  readonly maxLength?: number;
  readonly className?: string;
}) {
  const aboutId = about === undefined ? undefined : `${name}-about`;
  return (
    <div className="min-w-0 max-w-full">
      <label htmlFor={name} className="block text-sm font-medium">
        {label}
      </label>
      <input
        id={name}
        name={name}
        type={type}
        required={!optional}
        maxLength={maxLength}
        defaultValue={value}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={aboutId}
        className={`field mt-1 block max-w-full ${className}`}
      />
      {about === undefined ? null : (
        <p id={aboutId} className="mt-1 text-xs text-muted">
          {about}
        </p>
      )}
    </div>
  );
}
