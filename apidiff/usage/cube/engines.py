"""The engines that hold logs: how each is named, what it needs, and what of it is run. docs/engines is made of this."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEntry:
    """An engine by its name.

    `url` is how it is named to `--engine` and `table` what `--table` takes; `schemes` are the beginnings of such URLs;
    `extra` is what `pip install` needs in brackets, "" where nothing is needed; `client` is the package that speaks to
    it. `tested` says what is run in tests, "" where statements are only parsed.
    """

    name: str
    title: str
    schemes: tuple[str, ...]
    url: str
    table: str
    extra: str
    client: str
    credentials: str
    rights: str
    cost: str
    partition: str
    tested: str = ""

    @property
    def install(self) -> str:
        """The command that installs what it needs."""
        if not self.extra:
            return "pip install apidiff"
        return f"pip install 'apidiff[{self.extra}]'"


_OF_SESSION = "The cluster's own: whatever the session may read."
_DAY = "`partition: dt` in apidiff.yaml names the column of days (a date, a text: 2026-03-14, or a number: 20260314)."

ENGINES: Final[tuple[EngineEntry, ...]] = (
    EngineEntry(
        name="duckdb",
        title="DuckDB",
        schemes=("duckdb",),
        url="duckdb:///folder/logs.duckdb",
        table="raw.access_log",
        extra="",
        client="duckdb",
        credentials="None: the file's own rights.",
        rights="Reading the file. A view over `read_parquet('logs/*/*.parquet')` is a table too.",
        cost="This machine's time. Statements that name the log twice read it once: two reads a plan.",
        partition=f"{_DAY} Files of other days are not opened.",
        tested="the whole plan.json beside files, on times of every type; reads of the log; partitions",
    ),
    EngineEntry(
        name="postgresql",
        title="PostgreSQL",
        schemes=("postgres", "postgresql"),
        url="postgres://reader@db.example.com/logs",
        table="raw.access_log",
        extra="postgres",
        client="psycopg",
        credentials="`PGPASSWORD`, `~/.pgpass` or a service file, as libpq has them; a URL's password is never shown.",
        rights="`GRANT USAGE ON SCHEMA raw` and `GRANT SELECT ON raw.access_log`; no temporary table is made.",
        cost="Two reads a plan. Nested loops are turned off for the session, and nothing else is set.",
        partition=f"{_DAY} Tables that are partitioned by the time need none: it is compared as it lies there.",
        tested="PostgreSQL 15 with a role that may only SELECT: the whole plan.json beside files; reads of the log",
    ),
    EngineEntry(
        name="clickhouse-embedded",
        title="ClickHouse, embedded (chDB)",
        schemes=("chdb",),
        url="chdb:///folder",
        table="raw.access_log",
        extra="clickhouse",
        client="chdb",
        credentials="None: the folder's own rights.",
        rights="Reading the folder.",
        cost="This machine's time; three reads a plan.",
        partition=f"{_DAY} Parts of a MergeTree are skipped by its key and its partitions.",
        tested="the whole plan.json beside files, on times of every type; reads of the log",
    ),
    EngineEntry(
        name="clickhouse",
        title="ClickHouse, a server",
        schemes=("clickhouse",),
        url="clickhouse://reader:…@ch.example.com:8443/logs?secure=true",
        table="logs.access_log",
        extra="clickhouse-server",
        client="clickhouse-connect",
        credentials='In the URL, which is never shown; take it from a variable: `--engine "$CLICKHOUSE_URL"`.',
        rights="`GRANT SELECT ON logs.access_log`.",
        cost="Three reads a plan, of the columns that are named.",
        partition=f"{_DAY} Parts of a MergeTree are skipped by its key and its partitions.",
    ),
    EngineEntry(
        name="spark",
        title="Apache Spark",
        schemes=("spark",),
        url="spark://host:7077, spark://local[4], or spark:// for the session that is running",
        table="lake.access_log, or parquet./folder",
        extra="spark",
        client="pyspark",
        credentials=_OF_SESSION,
        rights="Reading the table or the folder.",
        cost="At most three reads a plan; what two statements read alike is not kept between them.",
        partition=f"{_DAY} Spark leaves folders of other days out (`dt=2026-03-14/`).",
        tested="two executors as processes of their own: the whole plan.json beside files; reads of the log",
    ),
    EngineEntry(
        name="trino",
        title="Trino",
        schemes=("trino",),
        url="trino://reader@trino.example.com:8080/hive",
        table="hive.raw.access_log",
        extra="trino",
        client="trino",
        credentials="In the URL (`user:password@`), which is never shown; take it from a variable.",
        rights="SELECT on the table; Trino's own file or system access control decides.",
        cost="Three reads a plan, since it shares nothing between the parts of a statement.",
        partition=f"{_DAY} With `hive.query-partition-filter-required` it has to be named.",
        tested="Trino 476, memory catalog, where APIDIFF_TRINO_HOME is set: the whole plan.json beside files; reads",
    ),
    EngineEntry(
        name="athena",
        title="Amazon Athena",
        schemes=("athena",),
        url="athena://?s3_staging_dir=s3://bucket/results/&region_name=eu-central-1",
        table="raw.access_log",
        extra="",
        client="pyathena (pip install 'ibis-framework[athena]')",
        credentials="Those of boto3: variables, ~/.aws, or the role of the machine.",
        rights="`athena:StartQueryExecution` and `GetQueryResults`, `glue:GetTable`, reading the log's bucket and "
        "writing that of results.",
        cost="By bytes read, three times a plan. A statement may have 256 KB; ours have 100 KB for 400 operations.",
        partition=f"{_DAY} Without it the whole table is paid for.",
    ),
    EngineEntry(
        name="bigquery",
        title="Google BigQuery",
        schemes=("bigquery",),
        url="bigquery://project/dataset",
        table="dataset.access_log",
        extra="",
        client="google-cloud-bigquery (pip install 'ibis-framework[bigquery]')",
        credentials="Application default: `gcloud auth application-default login`, or GOOGLE_APPLICATION_CREDENTIALS.",
        rights="`roles/bigquery.dataViewer` on the table and `roles/bigquery.jobUser` on the project.",
        cost="By bytes read of the columns that are named, three times a plan; `--print-sql` asks for a dry run.",
        partition="A table that is partitioned by its time needs none: the time is compared as it lies there, which "
        f"meets a required filter. Else: {_DAY}",
    ),
    EngineEntry(
        name="snowflake",
        title="Snowflake",
        schemes=("snowflake",),
        url="snowflake://user:…@account/DATABASE/SCHEMA?warehouse=SMALL",
        table="DATABASE.SCHEMA.ACCESS_LOG",
        extra="snowflake",
        client="snowflake-connector-python",
        credentials="In the URL, which is never shown, or a key pair of the connector's own connections.toml.",
        rights="USAGE on the warehouse, the database and the schema, SELECT on the table.",
        cost="By the warehouse's time. Micro-partitions of older days are skipped by the time as it lies there.",
        partition=_DAY,
    ),
    EngineEntry(
        name="databricks",
        title="Databricks",
        schemes=("databricks",),
        url="databricks://?server_hostname=…&http_path=…",
        table="catalog.schema.access_log",
        extra="",
        client="databricks-sql-connector (pip install databricks-sql-connector)",
        credentials="DATABRICKS_TOKEN, DATABRICKS_SERVER_HOSTNAME and DATABRICKS_HTTP_PATH.",
        rights="USE CATALOG, USE SCHEMA and SELECT on the table; CAN USE on the warehouse.",
        cost="By the warehouse's time; statements are those of Spark, which are run in tests.",
        partition=f"{_DAY} Delta skips files by the time as it lies there as well.",
    ),
)


def engine_called(scheme: str) -> EngineEntry | None:
    """The engine that URLs of a scheme name."""
    return next((entry for entry in ENGINES if scheme in entry.schemes), None)
