'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { addListingVersion } from '@/lib/domain/marketplace/verbs/add-listing-version';
import { changeListing } from '@/lib/domain/marketplace/verbs/change-listing';
import { createListing } from '@/lib/domain/marketplace/verbs/create-listing';
import { publishListing } from '@/lib/domain/marketplace/verbs/publish-listing';
import { retireListing } from '@/lib/domain/marketplace/verbs/retire-listing';
import { action } from '@/lib/server/action';
import { inLabels, textIn } from '../../../_components/form-fields';
import { countIn, fields, labelOf, readText } from './fields';
import { listingsPage } from './page-info';
import { type Done, listingHref } from './words';

/** Adds a draft, and shows it. */
export const createListingAction = action(
  { action: createListing.action, scope: 'seller' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const given = { productCode: textIn(form, fields.productCode), text: readText(form) };
    return show(await inLabels(labelOf, () => createListing(context, given)), 'added');
  },
);

/** Changes what a listing says. */
export const changeListingAction = action(
  { action: changeListing.action, scope: 'seller' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const given = { ...placeIn(form), text: readText(form) };
    await inLabels(labelOf, () => changeListing(context, given));
    return show(given.id, 'changed');
  },
);

/** Adds a version of the model. */
export const addListingVersionAction = action(
  { action: addListingVersion.action, scope: 'seller' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const id = textIn(form, fields.id);
    const given = {
      id,
      base: countIn(form, fields.base),
      modelPackageArn: textIn(form, fields.modelPackageArn),
      instanceType: textIn(form, fields.instanceType),
      note: textIn(form, fields.note),
    };
    await inLabels(labelOf, () => addListingVersion(context, given));
    return show(id, 'version');
  },
);

/** Shows a listing to tenants. */
export const publishListingAction = action(
  { action: publishListing.action, scope: 'seller' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const place = placeIn(form);
    await publishListing(context, place);
    return show(place.id, 'published');
  },
);

/** Takes a listing from the market. */
export const retireListingAction = action(
  { action: retireListing.action, scope: 'seller' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const place = placeIn(form);
    await retireListing(context, place);
    return show(place.id, 'retired');
  },
);

const placeIn = (form: FormData) => ({
  id: textIn(form, fields.id),
  revision: countIn(form, fields.revision),
});

function show(id: string, done: Done): never {
  revalidatePath(listingsPage.path);
  redirect(listingHref(id, done));
}
