"""The extract job: one tenant's rows, from the reader of Aurora to the tenant's bucket.

This is a Glue job of the Spark type, but its driver does all the work: one COPY, streamed into one multipart upload, then the
manifest. `README.md` beside this file lists the arguments; `docs/decisions/0009-extract-job.md` gives the reasons for the design.
"""

import hashlib
import io
import json
import re
import sys
import time
from datetime import datetime, timezone

import annex_statement
import boto3
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from awsglue.utils import getResolvedOptions
from botocore.exceptions import ClientError
from psycopg import sql

ARGUMENTS = ["request_id", "tenant_id", "watermark", "manifest", "seal", "tenant_role", "replica_secret"]

STATEMENT_TIMEOUT = "45min"
CATCH_UP_SECONDS = 120
# How long a run waits for a reader that is unreachable, and the pause before it tries again.
AWAY_SECONDS = 120
PAUSE_SECONDS = 1
# SQLSTATE of a reader that is stopping, starting, out of connections or gone; without one, there was no answer at all.
AWAY = re.compile(r"57P0[1-3]|08...|53300")
MEBIBYTE = 1024 * 1024
# S3 accepts parts of at least 5 MiB, and at most 10,000 of them.
PART_BYTES = 64 * MEBIBYTE
READ_BYTES = 8 * MEBIBYTE

ARROW_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
}

class ExtractFailure(Exception):
    """Why an extract failed, in a sentence that quotes no value of a row."""


class ReplicaUnavailable(ExtractFailure):
    """The replica is unreachable or behind. The portal reads the name of this class in the run's error, and tries again."""


def order_of(arguments):
    """The manifest as ordered. Only an order for the request and the tenant that the other arguments name."""
    try:
        order = json.loads(arguments["manifest"])
        named = order["requestId"], order["tenant"]
    except (KeyError, TypeError, ValueError):
        raise ExtractFailure("The job can’t read the manifest.") from None
    if named != (arguments["request_id"], arguments["tenant_id"]):
        raise ExtractFailure("The manifest belongs to another request.")
    if not re.fullmatch(r"[0-9A-Z]{26}", arguments["request_id"]):
        raise ExtractFailure("The job can’t read the request’s id.")
    if not re.fullmatch(r"\d{1,18}", arguments["watermark"]):
        raise ExtractFailure("The job can’t read the watermark.")
    return order


def select_of(connection, order):
    """The SELECT of the order under the policy in force, its values as literals, because COPY accepts no parameters.

    Returns its columns and the policy's row limit, too.
    """
    policy = connection.execute(
        "SELECT version, columns, row_limit FROM extract_policies_in_force(%s) WHERE dataset = %s",
        (order["tenant"], str(order.get("dataset"))),
    ).fetchone()
    if policy is None or policy[0] != order.get("policyVersion"):
        raise ExtractFailure("The extract policy changed before the run started. Retry the extract.")
    try:
        query = annex_statement.extract_statement(annex_statement.load(), order, policy[1], policy[2])
    except annex_statement.Refused as refusal:
        raise ExtractFailure(str(refusal)) from None
    if query["columns"] != order["columns"]:
        raise ExtractFailure("The policy gives other columns than the request names.")

    def literal(match):
        return sql.Literal(query["values"][int(match[1]) - 1]["value"]).as_string(connection)

    return re.sub(r"\$(\d+)", literal, query["statement"]), query["columns"], policy[2]


def connect(secret_id):
    """A connection to the reader, with the secret `secret_id` of Secrets Manager."""
    secret = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
    return psycopg.connect(
        host=secret["host"],
        port=secret.get("port", 5432),
        dbname=secret["dbname"],
        user=secret["username"],
        password=secret["password"],
        sslmode="verify-full",
        sslrootcert="global-bundle.pem",
        connect_timeout=10,
        application_name="annex-extract",
    )


def begin(connection, arguments):
    """Begins a read-only transaction with the sealed order, and with a snapshot that shows the watermark.

    The login is a member of no role. Row-level security shows it the rows of the tenant whose seal the order bears. Returns the `snapshot` of the manifest. A reader cannot tell how far it lags, so the portal writes a row, the watermark,
    before it starts the run.
    """
    tenant_id, watermark = arguments["tenant_id"], arguments["watermark"]
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        connection.execute(
            """SELECT set_config('app.tenant_id', %s, true), set_config('app.order', %s, true),
                      set_config('app.seal', %s, true), set_config('statement_timeout', %s, true), set_config('TimeZone', 'UTC', true),
                      set_config('DateStyle', 'ISO, YMD', true), set_config('standard_conforming_strings', 'on', true)""",
            (tenant_id, f"{watermark} {arguments['manifest']}", arguments["seal"], STATEMENT_TIMEOUT),
        )
        sealed, reached, revision, at = connection.execute(
            """SELECT crm.sealed_tenant() IS NOT NULL, coalesce(mark.position, 0) >= %s::bigint, history.revision, mark.raised_at
               FROM (SELECT %s::text AS tenant_id) AS asked
               LEFT JOIN crm.watermark AS mark USING (tenant_id) LEFT JOIN crm.history AS history USING (tenant_id)""",
            (watermark, tenant_id),
        ).fetchone()
        if not sealed:
            raise ExtractFailure("The order does not bear the seal of the tenant that it names.")
        if reached:
            return {"revision": revision, "at": instant(at) if at else None}
        connection.rollback()
        if time.monotonic() >= deadline:
            raise ReplicaUnavailable(f"The replica did not catch up with the CRM within {CATCH_UP_SECONDS} s.")
        time.sleep(0.25)


def instant(at):
    """ISO 8601, UTC, to the millisecond."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def account_of(connection, tenant_id):
    """The AWS account of the tenant whose seal the order bears. The arguments cannot name another."""
    row = connection.execute("SELECT account_id FROM tenant WHERE id = %s", (tenant_id,)).fetchone()
    if row is None or row[0] is None:
        raise ExtractFailure("The tenant has no AWS account to write to.")
    return row[0]


def tenant_bucket(arguments, account_id):
    """S3 with the tenant's role, whose trust policy requires that tenant's external id and session tag."""
    keys = boto3.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account_id}:role/{arguments['tenant_role']}",
        RoleSessionName=f"annex-extract-{arguments['request_id']}",
        ExternalId=f"annex-{arguments['tenant_id']}",
        Tags=[{"Key": "TenantId", "Value": arguments["tenant_id"]}],
        DurationSeconds=3600,
    )["Credentials"]
    return boto3.client(
        "s3",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def clear(s3, bucket, prefix):
    """Removes what an earlier run of the request left, the manifest first: without it the rest is no extract."""
    s3.delete_object(Bucket=bucket, Key=f"{prefix}manifest.json")
    for upload in s3.list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    for found in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=found["Key"])


class Upload(io.RawIOBase):
    """A writable file that becomes an S3 object only when it is complete."""

    def __init__(self, s3, bucket, key, content_type):
        super().__init__()
        self.s3, self.at = s3, {"Bucket": bucket, "Key": key}
        self.hash, self.bytes, self.parts, self.pending = hashlib.sha256(), 0, [], bytearray()
        self.etag = None
        created = s3.create_multipart_upload(**self.at, ContentType=content_type, ServerSideEncryption="aws:kms")
        self.upload_id = created["UploadId"]

    def writable(self):
        return True

    def write(self, data):
        self.hash.update(data)
        self.bytes += len(data)
        self.pending += data
        while len(self.pending) >= PART_BYTES:
            self._send(self.pending[:PART_BYTES])
            del self.pending[:PART_BYTES]
        return len(data)

    def _send(self, body):
        number = len(self.parts) + 1
        sent = self.s3.upload_part(**self.at, UploadId=self.upload_id, PartNumber=number, Body=bytes(body))
        self.parts.append({"PartNumber": number, "ETag": sent["ETag"]})

    def complete(self):
        if self.pending or not self.parts:
            self._send(self.pending)
        completed = self.s3.complete_multipart_upload(
            **self.at, UploadId=self.upload_id, MultipartUpload={"Parts": self.parts}, IfNoneMatch="*"
        )
        self.etag = completed["ETag"].strip('"')

    def abort(self):
        self.s3.abort_multipart_upload(**self.at, UploadId=self.upload_id)


class CopyFile(io.RawIOBase):
    """The bytes of a COPY as a readable file."""

    def __init__(self, copy):
        super().__init__()
        self.copy, self.left = copy, b""

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.left:
            self.left = bytes(self.copy.read())
        taken = self.left[: len(buffer)]
        self.left = self.left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def write_parquet(copy, columns, upload):
    """Writes the CSV of a COPY as Parquet, with one row group in memory at a time. Empty and unquoted means NULL."""
    schema = pa.schema([(column["name"], ARROW_TYPES[column["type"]]) for column in columns])
    source = pa.PythonFile(io.BufferedReader(CopyFile(copy), READ_BYTES), mode="r")
    reader = pa.csv.open_csv(
        source,
        read_options=pa.csv.ReadOptions(block_size=READ_BYTES),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    with pa.parquet.ParquetWriter(pa.PythonFile(upload, mode="w"), schema, compression="snappy") as writer:
        for batch in reader:
            writer.write_batch(batch)


def write_data(connection, select, layout, columns, upload):
    """Streams the rows into `upload` and returns their number."""
    header = "false" if layout == "xgboost" else "true"
    command = f"COPY (\n{select}\n) TO STDOUT WITH (FORMAT csv, HEADER {header}, ENCODING 'UTF8')"
    with connection.cursor() as cursor:
        with cursor.copy(command) as copy:
            if layout == "parquet":
                write_parquet(copy, columns, upload)
            else:
                for chunk in copy:
                    upload.write(chunk)
        return cursor.rowcount


def extract(arguments):
    """One run: writes the data, then the manifest. Leaves nothing behind if it fails."""
    order = order_of(arguments)
    tenant_id, prefix, layout = arguments["tenant_id"], f"extracts/{arguments['request_id']}/", order.get("format")
    file = "data.parquet" if layout == "parquet" else "data.csv"
    content_type = "application/vnd.apache.parquet" if layout == "parquet" else "text/csv; charset=utf-8"
    with connect(arguments["replica_secret"]) as connection:
        snapshot = begin(connection, arguments)
        account_id = account_of(connection, tenant_id)
        bucket = f"annex-{tenant_id}-{account_id}"
        select, columns, row_limit = select_of(connection, order)
        s3 = tenant_bucket(arguments, account_id)
        clear(s3, bucket, prefix)
        upload = Upload(s3, bucket, f"{prefix}{file}", content_type)
        try:
            rows = write_data(connection, select, layout, columns, upload)
            if row_limit is not None and rows > row_limit:
                # Nobody may take a part of the rows for all of them.
                raise ExtractFailure(f"The extract has more rows than its policy allows: {row_limit} at most.")
            upload.complete()
        except BaseException:
            upload.abort()
            raise
    try:
        put_manifest(s3, bucket, prefix, order, snapshot, file, rows, upload)
    except BaseException:
        clear(s3, bucket, prefix)
        raise


def put_manifest(s3, bucket, prefix, order, snapshot, file, rows, upload):
    """Writes the last object of a run, which marks the extract as complete."""
    manifest = {
        **order,
        "snapshot": snapshot,
        "file": file,
        "rows": rows,
        "bytes": upload.bytes,
        "sha256": upload.hash.hexdigest(),
        "etag": upload.etag,
        "finishedAt": instant(datetime.now(timezone.utc)),
    }
    s3.put_object(
        Bucket=bucket,
        Key=f"{prefix}manifest.json",
        Body=(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode(),
        ContentType="application/json",
        ServerSideEncryption="aws:kms",
        IfNoneMatch="*",
    )


def is_away(error):
    """True if `error` of psycopg says that the reader is unreachable, so that the same run may succeed once it is back."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return AWAY.fullmatch(error.sqlstate) is not None


def extract_when_possible(arguments):
    """`extract`, again once if the reader cancelled it to keep up with the writer, and until the reader is back if it is unreachable."""
    cancelled, away_since = False, None
    while True:
        try:
            return extract(arguments)
        except psycopg.errors.SerializationFailure:
            if cancelled:
                raise
            cancelled = True
        except psycopg.Error as error:
            if not is_away(error):
                raise
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since >= AWAY_SECONDS:
                raise ReplicaUnavailable(f"The replica does not respond ({error.sqlstate or 'no answer'}).") from None
            time.sleep(PAUSE_SECONDS)


def main():
    arguments = getResolvedOptions(sys.argv, ARGUMENTS)
    try:
        extract_when_possible(arguments)
    except ExtractFailure:
        raise
    except psycopg.errors.QueryCanceled:
        raise ExtractFailure("The query exceeded its time limit on the replica.") from None
    except psycopg.Error as error:
        # Leaves out the message, which can quote a row.
        raise ExtractFailure(f"The replica rejected or lost the query ({error.sqlstate or 'no answer'}).") from None
    except pa.ArrowException as error:
        # Leaves out the message, which can quote a value.
        raise ExtractFailure(f"The rows could not be written as Parquet ({type(error).__name__}).") from None
    except ClientError as error:
        raise ExtractFailure(
            f"AWS denied {error.operation_name} for the tenant ({error.response['Error']['Code']})."
        ) from None


if __name__ == "__main__":
    main()
