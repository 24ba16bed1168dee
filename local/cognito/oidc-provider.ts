// The package's index only exports its parts, and prints `Unsupported runtime` on every Node before 22. We import the
// parts directly, so that Node 20 starts without a warning. When Annex drops Node 20, import from 'oidc-provider'
// instead.
export { SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
export { base as basePolicy, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
export { Provider } from 'oidc-provider/lib/provider.js';
