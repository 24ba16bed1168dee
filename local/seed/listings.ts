import type { Page, PortalClient } from './portal-client';

/** A product as the stand-in for AWS Marketplace tells of it. */
export interface SoldProduct {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly summary: string;
  readonly dimensions: readonly {
    readonly name: string;
    readonly description: string;
    readonly usd: number;
    readonly kind: 'metered' | 'entitled';
  }[];
  readonly contentTypes: readonly string[];
  readonly instanceType: string;
  readonly modelPackageArn: string;
}

/** A request that the model of each product answers. */
const samples: Readonly<Record<string, { readonly type: string; readonly body: string }>> = {
  'Churn 30 days': { type: 'text/csv', body: '12,6,48.5,410,2,97,55,0\n140,2,31,290,0,0,120,2\n' },
  'Next order value': { type: 'text/csv', body: '12,6,48.5,410,2,97,55,0\n' },
  'Review sentiment': { type: 'text/plain', body: 'Lovely fabric, and it came fast. I would recommend it.' },
};

/** Lists each product at the pages of a seller, adds the version that is sold, and publishes it; what is listed already stays. */
export async function listProducts(seller: PortalClient, products: readonly SoldProduct[]): Promise<void> {
  for (const product of products) {
    const listed = await seller.open('/seller/listings');
    if (!listed.html.text.includes(product.code)) await list(seller, product);
  }
}

async function list(seller: PortalClient, product: SoldProduct): Promise<void> {
  const sample = samples[product.title];
  if (!sample) throw new Error(`The demo has no sample for ${product.title}`);
  const draft = await press(seller, await seller.open('/seller/listings/new'), 'Save draft', {
    productCode: product.code,
    productPage: product.id,
    title: product.title,
    summary: product.summary,
    contentTypes: product.contentTypes.join(' '),
    accept: 'application/json',
    sampleType: sample.type,
    sampleRequest: sample.body,
    ...dimensionsOf(product),
  });
  const complete = await press(seller, draft, 'Add version', {
    modelPackageArn: product.modelPackageArn,
    instanceType: product.instanceType,
  });
  await press(seller, complete, 'Publish');
}

/** What was bought for the time of a contract is not metered, so it is no dimension of the listing. */
const dimensionsOf = ({ dimensions }: SoldProduct): Record<string, string> =>
  Object.fromEntries(
    dimensions
      .filter(({ kind }) => kind === 'metered')
      .flatMap(({ name, description, usd }, place) => [
        [`name${place}`, name],
        [`measure${place}`, name === 'kilobytes' ? 'kilobytes' : 'requests'],
        [`description${place}`, description],
        [`usd${place}`, String(usd)],
      ]),
  );

/** Submits the form of that button, and returns the page that it leads to. Throws when that says that something failed. */
async function press(
  seller: PortalClient,
  page: Page,
  button: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const next = await seller.submit(
    page,
    page.form((form) => form.querySelectorAll('button').some(({ text }) => text.trim().startsWith(button))),
    fields,
  );
  if (!/[?&]done=/.test(next.url)) {
    throw new Error(
      `${button} failed (${next.status}): ${next.html.querySelector('[role=alert]')?.text.trim()}`,
    );
  }
  return next;
}
