/** Customers by tenth of the default's probability and of the model's, from both at once. */
export function marginsOf(joint: readonly (readonly number[])[]): {
  readonly default: readonly number[];
  readonly model: readonly number[];
} {
  return {
    default: joint.map((row) => row.reduce((sum, count) => sum + count, 0)),
    model: joint.map((_, column) => joint.reduce((sum, row) => sum + (row[column] ?? 0), 0)),
  };
}
