export const listingStates = ['draft', 'published', 'retired'] as const;
export type ListingState = (typeof listingStates)[number];

/** What one unit of a dimension is: an answered request, or 1,000 bytes that the model was sent. */
export const measures = ['requests', 'kilobytes'] as const;
export type Measure = (typeof measures)[number];

/** What is metered, with its list price. */
export interface Dimension {
  /** As the product on AWS Marketplace names it. */
  readonly name: string;
  readonly measure: Measure;
  readonly description: string;
  /** Of a unit, with at most six decimals. */
  readonly usd: number;
}

/** What a seller writes of a listing. */
export interface ListingText {
  /** The last part of the address of the product’s page on AWS Marketplace, where tenants subscribe. */
  readonly productPage: string;
  readonly title: string;
  readonly summary: string;
  /** Where the terms of the seller stand; null: those of AWS Marketplace hold alone. */
  readonly termsUrl: string | null;
  /** Content types of the requests. */
  readonly contentTypes: readonly string[];
  /** Content type of the answers. */
  readonly accept: string;
  /** A request that the model answers, and its content type, which is one of `contentTypes`. */
  readonly sampleType: string;
  readonly sampleRequest: string;
}

/** A model that is sold on AWS Marketplace. */
export interface Listing extends ListingText {
  readonly id: string;
  /** AWS Marketplace’s code of the product. */
  readonly productCode: string;
  readonly state: ListingState;
  readonly dimensions: readonly Dimension[];
  /** The newest; null while there is none. */
  readonly version: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Rises with each change. */
  readonly revision: number;
}

/** A version of the model that is sold. */
export interface ListingVersion {
  readonly version: number;
  readonly modelPackageArn: string;
  /** Instance type of the endpoints. */
  readonly instanceType: string;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly createdBy: string;
}
