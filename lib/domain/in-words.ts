const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A count with its unit: `1 row`, `20 rows`. */
export const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

/** A count in words up to ten, such as `eight`; in digits above. */
export const inWords = (count: number): string => words[count] ?? String(count);
