/** The names by which a page and its requests say for whom the page was made. Portal and browser share them. */

/** Header of everything that a page sends with `fetch`. A refusal carries it, too. */
export const viewerHeader = 'x-annex-viewer';

/** Field of the forms of a page, and parameter of its links to files. */
export const viewerField = 'viewer';

/** Name of the `<meta>` element of a page. */
export const viewerMeta = 'annex-viewer';

/** Cookie with the marker of the person who is signed in. Scripts read it; it opens nothing. */
export const viewerCookie = 'annex.viewer';

/** Cookie of a few seconds: a form of somebody else was refused without JavaScript, and the next page says so. */
export const viewerChangedCookie = 'annex.viewer-changed';
