/** As long as an id may be, less a suffix. */
const longest = 34;
/** How many ids are tried beside the plain one. */
const others = 5;

/**
 * Ids for a tenant with that name, the plainest first: small letters, digits and single hyphens. The rest ends in characters of `random`,
 * which returns a number from 0 to 1, so that none tells how many tenants have the name.
 */
export function tenantIdsFor(name: string, random: () => number): readonly string[] {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-|-$/g, '');
  const suffix = () =>
    Math.floor(random() * 36 ** 5)
      .toString(36)
      .padStart(5, '0');
  const start = plain || 'tenant';
  const numbered = Array.from({ length: others }, () => `${start}-${suffix()}`);
  return plain.length >= 2 ? [plain, ...numbered] : numbered;
}
