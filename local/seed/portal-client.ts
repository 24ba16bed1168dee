import { type APIRequestContext, request } from '@playwright/test';
import { type HTMLElement, parse } from 'node-html-parser';

/** Uses the portal like a person with a browser without JavaScript: pages, forms, cookies, redirects. */
export class PortalClient {
  private constructor(
    readonly origin: string,
    readonly http: APIRequestContext,
  ) {}

  /** A client of somebody who has not signed in. */
  static async stranger(origin: string): Promise<PortalClient> {
    return new PortalClient(origin, await request.newContext({ baseURL: origin }));
  }

  /** A client that is signed in through the hosted UI. Throws when the sign-in fails. */
  static async signedIn(origin: string, email: string, password: string): Promise<PortalClient> {
    const client = await PortalClient.stranger(origin);
    const landing = await client.open('/');
    const hosted = await client.submit(
      landing,
      landing.form((form) => form.getAttribute('action') === '/sign-in'),
    );
    const form = hosted.form((html) => html.querySelector('input[type=password]') !== null);
    const after = await client.submit(hosted, form, { email, password });
    if (new URL(after.url).origin !== origin) {
      throw new Error(
        `${email} could not sign in (${after.status}): ${after.html.querySelector('main, body')?.text.trim()}`,
      );
    }
    return client;
  }

  async open(path: string): Promise<Page> {
    return page(await this.http.get(path));
  }

  /** Submits `form` of the page `from`: its hidden and preset fields, and `fields`. */
  async submit(from: Page, form: HTMLElement, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const url = new URL(form.getAttribute('action') ?? '', from.url).href;
    const values = presetFields(form);
    for (const [name, value] of Object.entries(fields)) values.set(name, value);
    const headers = { origin: new URL(url).origin, referer: from.url };
    const body =
      form.getAttribute('enctype') === 'multipart/form-data' ? { multipart: values } : { form: values };
    return page(await this.http.post(url, { ...body, headers }));
  }

  async close(): Promise<void> {
    await this.http.dispose();
  }
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly html: HTMLElement;
  /** The first POST form that `matches` accepts. Throws when the page has none. */
  form(matches: (form: HTMLElement) => boolean): HTMLElement;
}

async function page(response: Awaited<ReturnType<APIRequestContext['get']>>): Promise<Page> {
  const html = parse(await response.text());
  const url = response.url();
  const status = response.status();
  return {
    url,
    status,
    html,
    form: (matches) => {
      const form = html
        .querySelectorAll('form')
        .find(
          (candidate) => candidate.getAttribute('method')?.toLowerCase() === 'post' && matches(candidate),
        );
      if (!form) throw new Error(`${url} (${status}) does not have this form`);
      return form;
    },
  };
}

/** The fields that a browser sends of a form that nobody edited. */
function presetFields(form: HTMLElement): FormData {
  const values = new FormData();
  for (const input of form.querySelectorAll('input')) {
    const name = input.getAttribute('name');
    const toggles = ['radio', 'checkbox'].includes(input.getAttribute('type') ?? '');
    if (name && (!toggles || input.hasAttribute('checked')))
      values.append(name, input.getAttribute('value') ?? '');
  }
  for (const select of form.querySelectorAll('select')) {
    const name = select.getAttribute('name');
    const options = select.querySelectorAll('option');
    const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
    if (name && chosen) values.append(name, chosen.getAttribute('value') ?? chosen.text);
  }
  return values;
}
