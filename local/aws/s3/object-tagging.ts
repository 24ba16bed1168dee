import { AwsError } from '../core/service';
import { answerEmpty, answerXml, type S3Request, smallBody } from './exchange';
import { type ObjectRecord, objectsOf } from './records';
import type { S3Store } from './store';
import { malformedXml, parseXml } from './xml-body';

type Handler = (s3: S3Request, store: S3Store) => Promise<void>;
type Tags = Readonly<Record<string, string>>;

const most = 10;
/** Source: S3 User Guide, "Categorizing your objects using tags". */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags in `x-amz-tagging`, such as `a=1&b=2`; undefined without the header. Throws InvalidTag. */
export function announcedTags(s3: S3Request): Tags | undefined {
  const text = s3.header('x-amz-tagging');
  return text === undefined ? undefined : checked([...new URLSearchParams(text)]);
}

export const getObjectTagging: Handler = async (s3, store) => {
  const { tags = {} } = await tagged(s3, store, 's3:GetObjectTagging');
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  answerXml(s3, 'Tagging', { TagSet: list.length === 0 ? '' : { Tag: list } });
};

export const putObjectTagging: Handler = async (s3, store) => {
  store.authorized(s3, 's3:PutObjectTagging', s3.bucket, s3.key);
  const { TagSet: set } = parseXml(await smallBody(s3), 'Tagging');
  if (set !== '' && (typeof set !== 'object' || set === null)) throw malformedXml();
  const given = set === '' ? [] : ((set as { Tag?: unknown }).Tag ?? []);
  if (!Array.isArray(given)) throw malformedXml();
  const pairs = given.map((tag: Record<string, unknown> | string): [string, string] => {
    if (typeof tag === 'string' || typeof tag.Key !== 'string' || typeof tag.Value !== 'string') {
      throw malformedXml();
    }
    return [tag.Key, tag.Value];
  });
  await setTags(s3, store, checked(pairs));
  answerEmpty(s3, 200);
};

export const deleteObjectTagging: Handler = async (s3, store) => {
  store.authorized(s3, 's3:DeleteObjectTagging', s3.bucket, s3.key);
  await setTags(s3, store, {});
  answerEmpty(s3, 204);
};

async function setTags(s3: S3Request, store: S3Store, tags: Tags): Promise<void> {
  await store.alone(s3.bucket, async () => {
    const object = await existing(s3, store);
    await store.state.put(objectsOf(s3.bucket), s3.key, { ...object, tags });
  });
}

async function tagged(s3: S3Request, store: S3Store, action: string): Promise<ObjectRecord> {
  store.authorized(s3, action, s3.bucket, s3.key);
  return existing(s3, store);
}

async function existing(s3: S3Request, store: S3Store): Promise<ObjectRecord> {
  const object = await store.object(s3.bucket, s3.key);
  if (object) return object;
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: s3.key });
}

function checked(pairs: readonly (readonly [string, string])[]): Tags {
  const tags = Object.fromEntries(pairs);
  const sound = ([key, value]: readonly [string, string]) =>
    key.length >= 1 && key.length <= 128 && value.length <= 256 && allowed.test(key) && allowed.test(value);
  if (Object.keys(tags).length !== pairs.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  if (pairs.length > most) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  if (!pairs.every(sound))
    throw new AwsError('InvalidTag', 'The TagKey or TagValue you have provided is invalid');
  return tags;
}
