const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A count in words up to ten, such as `eight`; in digits above. */
export const inWords = (count: number): string => words[count] ?? String(count);
