import type { ReadingProposal, ReadOrder } from '@/lib/domain/crm/ports';
import type { OrderPreview } from '@/lib/domain/crm/verbs/preview-orders';

/** A preview as JSON values. */
export interface ImportPreview {
  readonly proposal: ReadingProposal;
  readonly lines: readonly (readonly string[])[];
  readonly orders: readonly PreviewedOrder[] | null;
  readonly fault: string | null;
}

export interface PreviewedOrder extends Omit<ReadOrder, 'orderedAt'> {
  /** ISO 8601. */
  readonly orderedAt: string;
}

export const previewOf = ({ orders, ...preview }: OrderPreview): ImportPreview => ({
  ...preview,
  orders: orders?.map((order) => ({ ...order, orderedAt: order.orderedAt.toISOString() })) ?? null,
});
