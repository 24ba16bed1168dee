'use client';

import { ActionFailure } from '@/components/ui/action-failure';
import { ActionForm } from '@/components/ui/action-form';
import { SubmitButton } from '@/components/ui/submit-button';
import type { Listing } from '@/lib/domain/marketplace/listing';
import {
  addListingVersionAction,
  changeListingAction,
  createListingAction,
  publishListingAction,
  retireListingAction,
} from '../actions';
import { fields } from '../fields';
import { Line, ListingFields } from './listing-fields';

/** Adds a draft. */
export function CreateListingForm() {
  return (
    <ActionForm act={createListingAction} className="space-y-5">
      <Line
        name={fields.productCode}
        label="Product code"
        about="AWS Marketplace shows it in the product’s summary. It can’t be changed later."
        maxLength={64}
      />
      <ListingFields listing={null} />
      <ActionFailure title="The listing was not added" />
      <SubmitButton pendingLabel="Saving…" leadsTo={['listing']}>
        Save draft
      </SubmitButton>
    </ActionForm>
  );
}

/** Changes what a listing says. */
export function ChangeListingForm({ listing }: { readonly listing: Listing }) {
  return (
    <ActionForm act={changeListingAction} className="space-y-5">
      <Place listing={listing} />
      <ListingFields listing={listing} />
      <ActionFailure title="The listing was not changed" />
      <SubmitButton variant="plain" pendingLabel="Saving…" leadsTo={['listing']}>
        Save changes
      </SubmitButton>
    </ActionForm>
  );
}

/** Adds a version of the model. */
export function AddVersionForm({
  listing,
  instanceType,
}: {
  readonly listing: Listing;
  readonly instanceType: string | undefined;
}) {
  return (
    <ActionForm act={addListingVersionAction} className="space-y-4">
      <input type="hidden" name={fields.id} value={listing.id} />
      <input type="hidden" name={fields.base} value={String(listing.version ?? 0)} />
      <Line
        name={fields.modelPackageArn}
        label="Model package"
        about="The ARN of the package that AWS Marketplace delivers."
        maxLength={2048}
        className="w-full font-mono"
      />
      <div className="flex flex-wrap gap-x-6 gap-y-4">
        <Line
          name={fields.instanceType}
          label="Instance type"
          value={instanceType ?? 'ml.m5.large'}
          maxLength={60}
          className="w-48"
        />
        <Line name={fields.note} label="Note" optional maxLength={500} />
      </div>
      <ActionFailure title="The version was not added" />
      <SubmitButton
        variant={listing.version === null ? 'primary' : 'plain'}
        pendingLabel="Adding…"
        leadsTo={['listing']}
      >
        Add version
      </SubmitButton>
    </ActionForm>
  );
}

/** Shows a listing to tenants. */
export function PublishListingForm({ listing }: { readonly listing: Listing }) {
  return (
    <ActionForm act={publishListingAction} className="space-y-3">
      <Place listing={listing} />
      <ActionFailure title="The listing was not published" />
      <SubmitButton pendingLabel="Publishing…" leadsTo={['listing']}>
        Publish
      </SubmitButton>
    </ActionForm>
  );
}

/** Takes a listing from the market. */
export function RetireListingForm({ listing }: { readonly listing: Listing }) {
  return (
    <ActionForm act={retireListingAction} className="space-y-3">
      <Place listing={listing} />
      <ActionFailure title="The listing was not retired" />
      <SubmitButton variant="plain" pendingLabel="Retiring…" leadsTo={['listing']}>
        Retire listing
      </SubmitButton>
    </ActionForm>
  );
}

function Place({ listing }: { readonly listing: Listing }) {
  return (
    <>
      <input type="hidden" name={fields.id} value={listing.id} />
      <input type="hidden" name={fields.revision} value={String(listing.revision)} />
    </>
  );
}
