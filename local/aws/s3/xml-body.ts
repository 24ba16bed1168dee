import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../core/service';

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  // For numeric references. Names beyond XML's five are refused before.
  htmlEntities: true,
  isArray: (name) => name === 'Object' || name === 'Part' || name === 'Tag',
});

/** What XML has no meaning for: other named entities, and a document type, which could declare some. */
const unknownEntity = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)|<!DOCTYPE/i;

/** The root element of a request's body; `''` for an empty element. Throws MalformedXML. */
export function parseXml(body: Buffer, root: string): Record<string, unknown> {
  const text = body.toString();
  if (unknownEntity.test(text)) throw malformedXml();
  let value: unknown;
  try {
    value = (parser.parse(text, true) as Record<string, unknown>)[root];
  } catch {
    throw malformedXml();
  }
  if (value === '') return {};
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw malformedXml();
}

export const malformedXml = (): AwsError =>
  new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our schema',
  );
