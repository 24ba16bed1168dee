import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type StandIn } from '../core/service';
import { demoProducts } from './demo-products';

const numbers = z.array(z.number()).min(1).max(1000);

/** A model as a seller packs it: data alone, which the model server of `sagemaker/hosting/` interprets. */
export const packedModel = z.discriminatedUnion('kind', [
  /** A probability of each row: logistic regression on `(x - mean) / scale`. */
  z.object({
    kind: z.literal('logistic'),
    means: numbers,
    scales: numbers,
    weights: numbers,
    bias: z.number(),
  }),
  /** An amount of each row: `exp(bias + weights · (x - mean) / scale) - 1`. */
  z.object({
    kind: z.literal('log-linear'),
    means: numbers,
    scales: numbers,
    weights: numbers,
    bias: z.number(),
  }),
  /** The sentiment of each text: logistic regression on its words. */
  z.object({ kind: z.literal('sentiment'), words: z.record(z.string(), z.number()), bias: z.number() }),
]);

const dimension = z.object({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/),
  description: z.string().min(1).max(200),
  /** Price of a unit. */
  usd: z.number().min(0),
  /** Metered by the hour, or bought for the time of a contract. */
  kind: z.enum(['metered', 'entitled']).default('metered'),
});

/** What a product is made of; `POST /_annex/marketplace/products` takes it. */
export const productInput = z.object({
  title: z.string().trim().min(1).max(100),
  summary: z.string().trim().max(500).default(''),
  dimensions: z.array(dimension).min(1).max(24),
  /** From before concurrent agreements: events through SNS, customers with an identifier, no licences. */
  legacy: z.boolean().default(false),
  contentTypes: z.array(z.string().min(1).max(100)).min(1).default(['text/csv', 'application/json']),
  instanceType: z.string().default('ml.m5.large'),
  model: packedModel.optional(),
});
export type ProductInput = z.output<typeof productInput>;

/** A product of a seller, in the portal's account. */
export interface Product extends ProductInput {
  readonly id: string;
  readonly code: string;
  readonly modelPackageArn: string;
  readonly createdAt: string;
  readonly model: z.output<typeof packedModel>;
}

const collection = 'marketplace.products';

/** Every product, by its title. */
export async function productsOf({ state }: StandIn): Promise<readonly Product[]> {
  const all = (await state.list<Product>(collection)).map(([, product]) => product);
  return all.sort((a, b) => a.title.localeCompare(b.title));
}

/** The product with that id; `undefined` when there is none. */
export const findProduct = ({ state }: StandIn, id: string): Promise<Product | undefined> =>
  state.get<Product>(collection, id);

/** As `findProduct`, for an id that a record holds. */
export async function knownProduct(standIn: StandIn, id: string): Promise<Product> {
  const product = await findProduct(standIn, id);
  if (product) return product;
  throw new AwsError('ResourceNotFoundException', `There is no product ${id}.`, 404);
}

/** Adds a product from what a program sent. Throws ValidationException that names the field. */
export async function addProduct(standIn: StandIn, given: unknown): Promise<Product> {
  const parsed = productInput.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AwsError('ValidationException', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const product = productOf(standIn, parsed.data, randomUUID());
  await standIn.state.put(collection, product.id, product);
  return product;
}

/** Puts the demo's products there, once. */
export async function addDemoProducts(standIn: StandIn): Promise<void> {
  for (const given of demoProducts) {
    const product = productOf(standIn, productInput.parse(given), given.title);
    if (!(await findProduct(standIn, product.id))) await standIn.state.put(collection, product.id, product);
  }
}

/** The same seed gives the same id, code and ARN on every machine. */
function productOf({ region, portalAccountId }: StandIn, given: ProductInput, seed: string): Product {
  const digest = createHash('sha256').update(`product/${seed}`).digest('hex');
  const name =
    given.title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40) || 'model';
  const model = given.model ?? productInput.parse(demoProducts[0]).model;
  if (!model) throw new Error('The first product of the demo has a model.');
  return {
    ...given,
    id: `prod-${digest.slice(0, 13)}`,
    code: digest.slice(13, 38),
    modelPackageArn: `arn:aws:sagemaker:${region}:${portalAccountId}:model-package/${name}-${digest.slice(0, 8)}/1`,
    createdAt: new Date().toISOString(),
    model,
  };
}
