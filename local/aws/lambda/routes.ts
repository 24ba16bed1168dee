/** What a request to Lambda asks for. */
export interface Call {
  readonly operation: string;
  /** Of path and query; the body has the rest. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Of a success. */
  readonly status: number;
}

/** The largest request: a package of 50 MB in base64, and what is said of it. */
export const maxLambdaBytes = 70 * 1024 * 1024;

const routes: readonly (readonly [method: string, path: RegExp, operation: string, status: number])[] = [
  ['POST', /^\/2015-03-31\/functions\/?$/, 'CreateFunction', 201],
  ['GET', /^\/2015-03-31\/functions\/?$/, 'ListFunctions', 200],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/?$/, 'GetFunction', 200],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)\/?$/, 'DeleteFunction', 204],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'GetFunctionConfiguration', 200],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'UpdateFunctionConfiguration', 200],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/code$/, 'UpdateFunctionCode', 200],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, 'Invoke', 200],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/policy$/, 'AddPermission', 201],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/policy$/, 'GetPolicy', 200],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)\/policy\/([^/]+)$/, 'RemovePermission', 204],
  ['PUT', /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/, 'PutFunctionConcurrency', 200],
  ['DELETE', /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/, 'DeleteFunctionConcurrency', 204],
  ['GET', /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/, 'GetFunctionConcurrency', 200],
];

/** The operation of a method and a URL; null for one that is not here. */
export function lambdaCall(method: string, url: string): Call | null {
  const { pathname, searchParams } = new URL(url, 'http://lambda');
  for (const [each, path, operation, status] of routes) {
    const [found, name, sid] = path.exec(pathname) ?? [];
    if (each !== method || found === undefined) continue;
    return {
      operation,
      status,
      input: {
        ...Object.fromEntries(searchParams),
        ...(name === undefined ? {} : { FunctionName: decoded(name) }),
        ...(sid === undefined ? {} : { StatementId: decoded(sid) }),
      },
    };
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
