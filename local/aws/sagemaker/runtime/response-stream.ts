import { Transform } from 'node:stream';
import { EventStreamCodec } from '@smithy/core/event-streams';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

const header = (value: string) => ({ type: 'string' as const, value });

/** Turns a model's answer into the event stream of `InvokeEndpointWithResponseStream`: a `PayloadPart` per chunk. */
export const payloadParts = (): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const headers = {
        ':message-type': header('event'),
        ':event-type': header('PayloadPart'),
        ':content-type': header('application/octet-stream'),
      };
      done(null, codec.encode({ headers, body: chunk }));
    },
  });
