/**
 * Customers per step of 0.1 of probability, for the built-in model and for the tenant's model, from their joint
 * counts.
 */
export function marginsOf(joint: readonly (readonly number[])[]): {
  readonly default: readonly number[];
  readonly model: readonly number[];
} {
  return {
    default: joint.map((row) => row.reduce((sum, count) => sum + count, 0)),
    model: joint.map((_, column) => joint.reduce((sum, row) => sum + (row[column] ?? 0), 0)),
  };
}
