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

import boto3
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from awsglue.utils import getResolvedOptions
from botocore.exceptions import ClientError
from psycopg import sql

ARGUMENTS = [
    "request_id",
    "tenant_id",
    "watermark",
    "statement",
    "values",
    "columns",
    "format",
    "bucket",
    "prefix",
    "role_arn",
    "external_id",
    "manifest",
    "replica_secret",
]

STATEMENT_TIMEOUT = "45min"
CATCH_UP_SECONDS = 120
MEBIBYTE = 1024 * 1024
# S3 accepts parts of at least 5 MiB, and at most 10,000 of them.
PART_BYTES = 64 * MEBIBYTE
READ_BYTES = 8 * MEBIBYTE

SQL_TYPES = {
    "text": "text",
    "int": "bigint",
    "float": "double precision",
    "timestamptz": "timestamptz",
    "date": "date",
    "bool": "boolean",
}

ARROW_TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
}

# First: strings, quoted names and words, in which "$1" is no placeholder. Second: what the job refuses. Third: a placeholder.
TOKEN = re.compile(
    r"""(?P<kept>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\x80-\U0010ffff][\w$]*)"""
    r"""|(?P<refused>--|/\*|;|\$(?:[A-Za-z_]\w*)?\$|['"])"""
    r"""|\$(?P<index>\d+)""",
    re.DOTALL,
)


class ExtractFailure(Exception):
    """Why an extract failed, in a sentence that quotes no value of a row."""


def with_literals(statement, values, connection):
    """`statement` with typed literals in place of its placeholders, because COPY accepts no parameters."""

    def replace(match):
        if match["refused"]:
            raise ExtractFailure(f"The query contains {match['refused']}, which the job does not accept.")
        if match["index"] is None:
            return match[0]
        position = int(match["index"])
        if not 1 <= position <= len(values):
            raise ExtractFailure(f"The query needs value {position}, which was not provided.")
        bound = values[position - 1]
        literal = sql.Literal(bound["value"]).as_string(connection)
        return f"({literal}::{SQL_TYPES[bound['type']]})"

    return TOKEN.sub(replace, statement)


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


def begin(connection, tenant_id, watermark):
    """Begins a read-only transaction under row-level security of `tenant_id`, with a snapshot that shows `watermark`.

    Returns the `snapshot` of the manifest. A reader cannot tell how far it lags, so the portal writes a row, the watermark,
    before it starts the run.
    """
    connection.read_only = True
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while True:
        connection.execute(
            """SELECT set_config('role', 'annex_tenant', true), set_config('app.tenant_id', %s, true),
                      set_config('statement_timeout', %s, true), set_config('TimeZone', 'UTC', true),
                      set_config('DateStyle', 'ISO, YMD', true), set_config('standard_conforming_strings', 'on', true)""",
            (tenant_id, STATEMENT_TIMEOUT),
        )
        reached, revision, at = connection.execute(
            """SELECT coalesce(mark.position, 0) >= %s::bigint, history.revision, mark.raised_at
               FROM (SELECT %s::text AS tenant_id) AS asked
               LEFT JOIN crm.watermark AS mark USING (tenant_id) LEFT JOIN crm.history AS history USING (tenant_id)""",
            (watermark, tenant_id),
        ).fetchone()
        if reached:
            return {"revision": revision, "at": instant(at) if at else None}
        connection.rollback()
        if time.monotonic() >= deadline:
            raise ExtractFailure(
                f"The replica did not catch up with the CRM within {CATCH_UP_SECONDS} s. Try again later."
            )
        time.sleep(0.25)


def instant(at):
    """ISO 8601, UTC, to the millisecond."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check_columns(connection, select, columns):
    """The manifest lists a mask for each column, so the statement must return exactly the columns that were named."""
    given = [column.name for column in connection.execute(f"SELECT * FROM (\n{select}\n) AS extract LIMIT 0").description]
    named = [column["name"] for column in columns]
    if given != named:
        raise ExtractFailure(
            f"The query returns the columns {', '.join(given)}, but the request names {', '.join(named)}."
        )


def tenant_bucket(arguments):
    """S3 with the tenant's role, whose trust policy requires that tenant's external id and session tag."""
    keys = boto3.client("sts").assume_role(
        RoleArn=arguments["role_arn"],
        RoleSessionName=f"annex-extract-{arguments['request_id']}",
        ExternalId=arguments["external_id"],
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
    columns, layout = json.loads(arguments["columns"]), arguments["format"]
    bucket, prefix = arguments["bucket"], arguments["prefix"]
    if prefix != f"extracts/{arguments['request_id']}/":
        raise ExtractFailure("The prefix does not match the request.")
    file = "data.parquet" if layout == "parquet" else "data.csv"
    content_type = "application/vnd.apache.parquet" if layout == "parquet" else "text/csv; charset=utf-8"
    s3 = tenant_bucket(arguments)
    clear(s3, bucket, prefix)
    with connect(arguments["replica_secret"]) as connection:
        snapshot = begin(connection, arguments["tenant_id"], arguments["watermark"])
        select = with_literals(arguments["statement"], json.loads(arguments["values"]), connection)
        check_columns(connection, select, columns)
        upload = Upload(s3, bucket, f"{prefix}{file}", content_type)
        try:
            rows = write_data(connection, select, layout, columns, upload)
            upload.complete()
        except BaseException:
            upload.abort()
            raise
    try:
        put_manifest(s3, arguments, snapshot, file, rows, upload)
    except BaseException:
        clear(s3, bucket, prefix)
        raise


def put_manifest(s3, arguments, snapshot, file, rows, upload):
    """Writes the last object of a run, which marks the extract as complete."""
    manifest = {
        **json.loads(arguments["manifest"]),
        "snapshot": snapshot,
        "file": file,
        "rows": rows,
        "bytes": upload.bytes,
        "sha256": upload.hash.hexdigest(),
        "etag": upload.etag,
        "finishedAt": instant(datetime.now(timezone.utc)),
    }
    s3.put_object(
        Bucket=arguments["bucket"],
        Key=f"{arguments['prefix']}manifest.json",
        Body=(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode(),
        ContentType="application/json",
        ServerSideEncryption="aws:kms",
        IfNoneMatch="*",
    )


def main():
    arguments = getResolvedOptions(sys.argv, ARGUMENTS)
    try:
        try:
            extract(arguments)
        except psycopg.errors.SerializationFailure:
            # The reader cancelled the statement to keep up with the writer. Try once more.
            extract(arguments)
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
