import { html, htmlDocument, type Markup } from '../wire/http/markup';
import { type Agreement, isActive } from './agreements';
import type { Product } from './products';

const home = '/_annex/marketplace';

function page(title: string, body: Markup): string {
  return htmlDocument(
    `${title} · AWS Marketplace (local)`,
    html`<header class="bar"><h1>AWS Marketplace (local)</h1></header>
<main>${body}</main>
<footer class="foot">AWS Marketplace of the embedded default. Nothing here costs anything.</footer>`,
  );
}

/** Prices of a unit have up to six decimals. */
const price = (usd: number): string =>
  usd.toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 6 });

/** Asks for the buyer's account; `known` are those of the organization. */
export function chooserPage(known: readonly { readonly accountId: string; readonly name: string }[]): string {
  return page(
    'Choose an account',
    html`<section class="panel" aria-labelledby="choose"><header><h2 id="choose">Choose the buyer’s account</h2></header>
<form method="get" action="${home}">
  <div class="field"><label for="account">AWS account</label>
    <input id="account" name="account" inputmode="numeric" required pattern="[0-9]{12}" autocomplete="off" aria-describedby="account-hint">
    <p class="hint" id="account-hint">Twelve digits</p></div>
  <div class="actions"><button type="submit">Show products</button></div>
</form>
${known.length === 0 ? null : html`<ul>${known.map(({ accountId, name }) => html`<li><a href="${home}?account=${accountId}">${accountId}</a> ${name}</li>`)}</ul>`}
</section>`,
  );
}

interface AccountView {
  readonly accountId: string;
  readonly products: readonly Product[];
  readonly agreements: readonly Agreement[];
  /** Ms since the epoch. */
  readonly now: number;
}

/** The products with their prices, and what the account has of them. */
export function accountPage({ accountId, products, agreements, now }: AccountView): string {
  return page(
    `Products for ${accountId}`,
    html`<p class="note">You buy for the AWS account <span class="mono">${accountId}</span>. <a href="${home}">Choose another</a></p>
${products.map((product) => {
  const own = agreements.filter(({ productId }) => productId === product.id);
  return productPanel(
    product,
    accountId,
    own.find((each) => isActive(each, now)),
    own.filter((each) => !isActive(each, now)),
  );
})}`,
  );
}

function productPanel(
  product: Product,
  accountId: string,
  active: Agreement | undefined,
  ended: readonly Agreement[],
): Markup {
  return html`<section class="panel" aria-labelledby="${product.id}">
<header><h2 id="${product.id}">${product.title}</h2>
  ${active ? html`<span class="badge good">Subscribed</span>` : null}</header>
<p>${product.summary}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Prices of ${product.title}"><table><caption>Prices</caption>
<thead><tr><th scope="col">Dimension</th><th scope="col">What a unit is</th><th scope="col">How it is paid</th><th scope="col" class="number">Price of a unit</th></tr></thead>
<tbody>${product.dimensions.map(
    ({ name, description, kind, usd }) =>
      html`<tr><th scope="row" class="mono">${name}</th><td>${description}</td><td>${kind === 'metered' ? 'By use' : 'By contract'}</td><td class="number">${price(usd)}</td></tr>`,
  )}</tbody></table></div>
${active ? subscribed(product, active) : subscribeForm(product, accountId)}
${ended.map(({ id, status, endedAt, endsAt }) => {
  const at = endedAt ?? endsAt ?? '';
  const word = status === 'ACTIVE' ? 'expired' : status.toLowerCase();
  return html`<p class="quiet">Agreement <span class="mono">${id}</span> ${word} on <time datetime="${at}">${at.slice(0, 10)}</time></p>`;
})}
</section>`;
}

function subscribeForm(product: Product, accountId: string): Markup {
  return html`<form method="post" action="${home}/subscribe">
<input type="hidden" name="account" value="${accountId}"><input type="hidden" name="product" value="${product.id}">
${quantityFields(product, product.id, {})}
<div class="actions"><button type="submit" aria-label="Subscribe to ${product.title}">Subscribe</button></div></form>`;
}

function subscribed(product: Product, { id, entitlements, licenseArn }: Agreement): Markup {
  const hidden = html`<input type="hidden" name="agreement" value="${id}">`;
  const contract = Object.keys(entitlements).length > 0;
  return html`<dl><div><dt>Agreement</dt><dd class="mono">${id}</dd></div>
${licenseArn === null ? null : html`<div><dt>Licence</dt><dd class="mono">${licenseArn}</dd></div>`}</dl>
${
  contract
    ? html`<form method="post" action="${home}/amend">${hidden}${quantityFields(product, id, entitlements)}
<div class="actions"><button type="submit" aria-label="Amend ${product.title}">Amend</button></div></form>`
    : null
}
<div class="actions"><a class="button" href="${home}/set-up?agreement=${id}" aria-label="Set up your account for ${product.title}">Set up your account</a>
${contract ? html`<form method="post" action="${home}/renew">${hidden}<button class="minor" type="submit" aria-label="Renew ${product.title}">Renew</button></form>` : null}
<form method="post" action="${home}/end">${hidden}<button class="minor" type="submit" aria-label="Cancel the subscription to ${product.title}">Cancel the subscription</button></form></div>`;
}

function quantityFields(
  { dimensions }: Product,
  id: string,
  now: Readonly<Record<string, number>>,
): Markup | null {
  const entitled = dimensions.filter(({ kind }) => kind === 'entitled');
  if (entitled.length === 0) return null;
  return html`<fieldset class="fields"><legend>Contract</legend>${entitled.map(
    ({ name, description }) => html`<div class="field"><label for="${id}.${name}">${name}</label>
<input id="${id}.${name}" name="quantity.${name}" type="number" min="0" max="2147483647" required value="${now[name] ?? 1}" aria-describedby="${id}.${name}.hint">
<p class="hint" id="${id}.${name}.hint">${description}</p></div>`,
  )}</fieldset>`;
}

interface SetUpView {
  readonly agreement: Agreement;
  readonly product: Product;
  readonly token: string;
  readonly fulfilmentUrl: string;
}

/** Leads the buyer to the seller, with a token that says who has subscribed. */
export function setUpPage({ agreement, product, token, fulfilmentUrl }: SetUpView): string {
  return page(
    `Set up your account · ${product.title}`,
    html`<section class="panel" aria-labelledby="set-up"><header><h2 id="set-up">Set up your account</h2></header>
<p>Account <span class="mono">${agreement.accountId}</span> has an agreement on ${product.title}. The seller has to know whose account it is: go on to its page.</p>
<form method="post" action="${fulfilmentUrl}">
<input type="hidden" name="x-amzn-marketplace-token" value="${token}">
<div class="actions"><button type="submit">Set up your account</button> <a href="${home}?account=${agreement.accountId}">Back to the products</a></div>
</form></section>`,
  );
}

/** Says why something was refused. */
export function errorPage(message: string): string {
  return page(
    'Not done',
    html`<section class="panel"><header><h2>Not done</h2></header><p class="alert" role="alert">${message}</p>
<p><a href="${home}">Back to AWS Marketplace</a></p></section>`,
  );
}
