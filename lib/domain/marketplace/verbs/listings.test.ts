import { describe, expect, it } from 'vitest';
import { SellerWorld } from '@/lib/domain/testing/seller-world';
import { addListingVersion } from './add-listing-version';
import { changeListing } from './change-listing';
import { createListing } from './create-listing';
import { getListing } from './get-listing';
import { listListings } from './list-listings';
import { listSold } from './list-sold';
import { publishListing } from './publish-listing';
import { retireListing } from './retire-listing';

const perRequest = { name: 'requests', measure: 'requests', description: 'A request', usd: 0.0025 } as const;
const text = {
  productPage: 'prodview-1',
  title: ' Churn ',
  summary: 'Predicts who leaves.',
  termsUrl: null,
  contentTypes: ['text/CSV', 'application/json', 'text/csv'],
  accept: 'application/json',
  sampleType: 'application/json',
  sampleRequest: '{"instances": [[1, 2]]}',
  dimensions: [perRequest],
};
const packageArn = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/1';
const version = { modelPackageArn: packageArn, instanceType: 'ml.m5.large', note: ' ' };

describe('a seller', () => {
  it('sees who subscribed, and nobody else does', async () => {
    const world = new SellerWorld();
    expect((await listSold(world.as('seller'), {})).subscriptions).toEqual([]);
    for (const role of ['owner', 'admin'] as const) {
      await expect(listSold(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
      await expect(listListings(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('drafts, completes, publishes and retires a listing, each with its audit event', async () => {
    const world = new SellerWorld();
    const ctx = world.as('seller');
    const id = await createListing(ctx, { productCode: 'abc123', text });
    const place = async () => ({ id, revision: (await getListing(ctx, { id })).listing.revision });
    expect((await getListing(ctx, { id })).listing).toMatchObject({
      title: 'Churn',
      state: 'draft',
      contentTypes: ['text/csv', 'application/json'],
    });
    await expect(publishListing(ctx, await place())).rejects.toMatchObject({ code: 'conflict' });
    expect(await addListingVersion(ctx, { id, base: 0, ...version })).toBe(1);
    await expect(addListingVersion(ctx, { id, base: 0, ...version })).rejects.toMatchObject({
      code: 'conflict',
    });
    await publishListing(ctx, await place());
    await changeListing(ctx, {
      ...(await place()),
      text: { ...text, dimensions: [{ ...perRequest, usd: 0.003 }] },
    });
    await retireListing(ctx, await place());
    expect(
      (await listListings(ctx, {})).listings.map(({ state, version: newest }) => [state, newest]),
    ).toEqual([['retired', 1]]);
    await expect(changeListing(ctx, { ...(await place()), text })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(addListingVersion(ctx, { id, base: 1, ...version })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(world.audit.map(({ action, subject }) => [action, subject])).toEqual(
      ['create', 'change', 'publish', 'change', 'publish'].map((what) => [
        `listings.${what}`,
        `listing/${id}`,
      ]),
    );
  });

  it('keeps the dimensions that buyers agreed to', async () => {
    const world = new SellerWorld();
    const ctx = world.as('seller');
    const id = await createListing(ctx, { productCode: 'abc123', text });
    await addListingVersion(ctx, { id, base: 0, ...version });
    await publishListing(ctx, { id, revision: 2 });
    for (const dimensions of [
      [{ ...perRequest, name: 'other' }],
      [{ ...perRequest, measure: 'kilobytes' as const }],
      [perRequest, { ...perRequest, name: 'more' }],
    ]) {
      await expect(
        changeListing(ctx, { id, revision: 3, text: { ...text, dimensions } }),
      ).rejects.toMatchObject({
        code: 'invalid',
        fields: { dimensions: expect.any(String) },
      });
    }
    expect(world.audit).toHaveLength(3);
  });

  it.each([
    ['a product code', { productCode: 'a b' }, 'productCode'],
    ['a product page', { text: { ...text, productPage: 'https://x' } }, 'text.productPage'],
    ['no title', { text: { ...text, title: ' ' } }, 'text.title'],
    ['terms that are no https', { text: { ...text, termsUrl: 'javascript:alert(1)' } }, 'text.termsUrl'],
    ['a content type', { text: { ...text, contentTypes: ['csv'] } }, 'text.contentTypes.0'],
    ['a sample of another type', { text: { ...text, sampleType: 'text/plain' } }, 'text.sampleType'],
    ['a sample that is no JSON', { text: { ...text, sampleRequest: '{' } }, 'text.sampleRequest'],
    ['a long sample', { text: { ...text, sampleRequest: `"${'é'.repeat(33_000)}"` } }, 'text.sampleRequest'],
    ['no dimension', { text: { ...text, dimensions: [] } }, 'text.dimensions'],
    ['one dimension twice', { text: { ...text, dimensions: [perRequest, perRequest] } }, 'text.dimensions'],
    [
      'a price with seven decimals',
      { text: { ...text, dimensions: [{ ...perRequest, usd: 0.0000001 }] } },
      'text.dimensions.0.usd',
    ],
    [
      'a price that is none',
      { text: { ...text, dimensions: [{ ...perRequest, usd: Number.NaN }] } },
      'text.dimensions.0.usd',
    ],
  ])('is told the field of %s, and nothing is kept', async (_, wrong, field) => {
    const world = new SellerWorld();
    const given = { productCode: 'abc123', text, ...wrong };
    await expect(createListing(world.as('seller'), given)).rejects.toMatchObject({
      code: 'invalid',
      fields: { [field]: expect.any(String) },
    });
    expect([world.listings.size, world.audit.length]).toEqual([0, 0]);
  });

  it('names a model package and an instance type that there can be', async () => {
    const world = new SellerWorld();
    const ctx = world.as('seller');
    const id = await createListing(ctx, { productCode: 'abc123', text });
    for (const wrong of [
      { modelPackageArn: 'churn' },
      { modelPackageArn: packageArn.replace('model-package', 'model') },
      { instanceType: 'm5.large' },
    ]) {
      const given = { id, base: 0, ...version, ...wrong };
      await expect(addListingVersion(ctx, given)).rejects.toMatchObject({ code: 'invalid' });
    }
    await expect(getListing(ctx, { id: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
