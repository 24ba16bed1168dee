/** What AWS Marketplace said of an agreement or its licence. `at`: when it happened. */
export type MarketplaceEvent = {
  readonly agreementId: string;
  /** AWS account of the buyer. */
  readonly accountId: string;
  readonly at: Date;
} & (
  | { readonly kind: 'created' | 'amended' }
  /** `status`: CANCELLED, EXPIRED, TERMINATED, RENEWED or REPLACED; null: unsaid. */
  | { readonly kind: 'ended'; readonly status: string | null }
  | {
      readonly kind: 'licensed' | 'deprovisioned';
      readonly productCode: string;
      readonly licenseArn: string;
    }
);
