import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CredentialStore } from '../iam/credentials';
import { answerXml, headerOf, type S3Request, s3Request } from './exchange';
import { readFormPost } from './form-post';
import { storeUpload } from './object-operations';
import type { S3Store } from './store';

/** `POST Object`: stores the file of a browser's form under the form's signed policy. */
export async function postObject(
  store: S3Store,
  credentials: CredentialStore,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const form = await readFormPost(credentials, request);
  const headers = Object.fromEntries(form.fields);
  const s3: S3Request = {
    ...s3Request(request, response, form.caller, form.payload, requestId),
    method: 'PUT',
    key: form.key,
    query: new Map(),
    headers,
    header: headerOf(headers),
  };
  const { etag } = await storeUpload(s3, store, form.checkLength);
  answer(s3, etag);
}

/** Answers as the form asked: 204, 200, 201 with a document, or a redirect. */
function answer(s3: S3Request, etag: string): void {
  const { response, bucket, key } = s3;
  response.setHeader('etag', `"${etag}"`);
  const redirect = s3.header('success_action_redirect');
  const target = redirect !== undefined && URL.canParse(redirect) ? new URL(redirect) : null;
  if (target && /^https?:$/.test(target.protocol)) {
    for (const [name, value] of Object.entries({ bucket, key, etag: `"${etag}"` })) {
      target.searchParams.set(name, value);
    }
    response.writeHead(303, { location: target.href }).end();
    return;
  }
  const status = s3.header('success_action_status');
  if (status === '201') answerXml(s3, 'PostResponse', { Bucket: bucket, Key: key, ETag: `"${etag}"` }, 201);
  else response.writeHead(status === '200' ? 200 : 204).end();
}
