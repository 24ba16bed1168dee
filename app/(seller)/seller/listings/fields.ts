import type { Dimension, ListingText, Measure } from '@/lib/domain/marketplace/listing';
import { textIn } from '../../../_components/form-fields';

/** The names of the forms' fields. Those of a dimension end in its place: `name0`. */
export const fields = {
  id: 'id',
  revision: 'revision',
  productCode: 'productCode',
  productPage: 'productPage',
  title: 'title',
  summary: 'summary',
  termsUrl: 'termsUrl',
  contentTypes: 'contentTypes',
  accept: 'accept',
  sampleType: 'sampleType',
  sampleRequest: 'sampleRequest',
  base: 'base',
  modelPackageArn: 'modelPackageArn',
  instanceType: 'instanceType',
  note: 'note',
} as const;
export const dimensionPlaces = [0, 1, 2] as const;

const labels: Readonly<Record<string, string>> = {
  productCode: 'Product code',
  productPage: 'Product page',
  title: 'Title',
  summary: 'Summary',
  termsUrl: 'Terms',
  contentTypes: 'Content types of requests',
  accept: 'Content type of answers',
  sampleType: 'Content type of the sample',
  sampleRequest: 'Sample request',
  dimensions: 'Dimensions',
  modelPackageArn: 'Model package',
  instanceType: 'Instance type',
  note: 'Note',
};
const dimensionLabels: Readonly<Record<string, string>> = {
  name: 'name',
  measure: 'unit',
  description: 'description',
  usd: 'price',
};

export const countIn = (form: FormData, name: string): number => Number(textIn(form, name) || Number.NaN);

/** What a form says of a listing. The verbs validate it. Lines of dimensions without a name are empty. */
export function readText(form: FormData): ListingText & { readonly dimensions: readonly Dimension[] } {
  const text = (name: keyof typeof fields) => textIn(form, fields[name]);
  const sample = form.get(fields.sampleRequest);
  return {
    productPage: text('productPage'),
    title: text('title'),
    summary: text('summary'),
    termsUrl: text('termsUrl') || null,
    contentTypes: text('contentTypes')
      .split(/[\s,]+/)
      .filter(Boolean),
    accept: text('accept'),
    sampleType: text('sampleType'),
    // As it was written: a line may end in spaces.
    sampleRequest: typeof sample === 'string' ? sample.replaceAll('\r\n', '\n') : '',
    dimensions: dimensionPlaces
      .filter((place) => textIn(form, `name${place}`) !== '')
      .map((place) => ({
        name: textIn(form, `name${place}`),
        measure: textIn(form, `measure${place}`) as Measure,
        description: textIn(form, `description${place}`),
        usd: countIn(form, `usd${place}`),
      })),
  };
}

/** The label of the field with that path: `Title`, or `Dimension 2, price`. */
export function labelOf(path: string): string {
  const [, place, part = ''] = /^text\.dimensions\.(\d+)\.(\w+)$/.exec(path) ?? [];
  if (place !== undefined) return `Dimension ${Number(place) + 1}, ${dimensionLabels[part] ?? part}`;
  const name = path.replace(/^text\./, '').replace(/\.\d+$/, '');
  return (Object.hasOwn(labels, name) ? labels[name] : undefined) ?? name;
}
