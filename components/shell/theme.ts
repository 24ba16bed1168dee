export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Cookie with the chosen theme, so that the server renders the page in it. */
export const themeCookie = 'annex-theme';

/** The theme named by a cookie or form; `system` if none. */
export const themeOf = (text: unknown): Theme => themes.find((theme) => theme === text) ?? 'system';
