// The package's index prints `Unsupported runtime` on every Node before 22, and else only exports its parts. They are imported past
// it, so that Node 20 starts without a warning. When Annex gives Node 20 up, import from 'oidc-provider' instead.
export { SessionNotFound } from 'oidc-provider/lib/helpers/errors.js';
export { base as basePolicy, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
export { Provider } from 'oidc-provider/lib/provider.js';
