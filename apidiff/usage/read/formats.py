"""Log formats as data: which field of which gateway is which canonical field, and how a gateway is told to log a key.

A field is a path of names into a JSON object, or the name of a column; the first that a log has is used. A format is
recognised when every one of its marks is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

CANONICAL = (
    "time",
    "method",
    "path",
    "status",
    "api_key",
    "query",
    "user_agent",
    "version",
    "operation_id",
    "route",
    "host",
    "idempotency_key",
    "request_fields",
    "response_fields",
    "latency_ms",
    "count",
)
"""The fields that a log may be mapped to; `path` and `route` are either of them enough, as is `operation_id`."""


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """One way to write a log.

    `kind` is `json` (an object a line), `otlp` (an export of spans a line), `table` (CSV and its like, and Parquet:
    named columns), `spaced` (columns by position, separated by spaces, quoted), `w3c` (columns named by a `#Fields:`
    line) or `pattern` (a regular expression with named groups). `fields` maps canonical names to candidates, each
    dotted path split into its names.
    `key_hint` says how the gateway is told to log who calls.
    """

    name: str
    kind: str
    title: str
    marks: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    pattern: str = ""
    key_hint: str = ""


_NGINX_HINT = (
    "nginx: map $http_authorization or $http_x_api_key to an id (`map`, or the user of `auth_request`) and add it to "
    "the log_format as the user field, e.g. '$remote_addr - $key_id [$time_local] …'."
)
_COMBINED_COLUMNS = ("address", "ident", "user", "at", "zone", "request", "status", "bytes", "referer", "agent")
_SPAN_ATTRIBUTES = {
    "method": ("http.request.method", "http.method"),
    "route": ("http.route",),
    "path": ("url.path", "http.target", "url.full", "http.url"),
    "query": ("url.query",),
    "status": ("http.response.status_code", "http.status_code"),
    "api_key": ("enduser.id", "user.id", "api_key_id"),
    "user_agent": ("user_agent.original", "http.user_agent"),
}
"""Attributes of HTTP server spans: the conventions of 2023, then the names before them."""
_SPAN_HINT = "OpenTelemetry: set the span attribute enduser.id to the id of the caller's key."

FORMATS: tuple[Format, ...] = (
    Format(
        "aws-api-gateway",
        "json",
        "AWS API Gateway, REST and HTTP APIs",
        marks=("requestId", "requestTime|requestTimeEpoch"),
        fields={
            "time": ("requestTimeEpoch", "requestTime"),
            "method": ("httpMethod", "method"),
            "route": ("resourcePath", "routeKey"),
            "path": ("path",),
            "status": ("status",),
            "api_key": ("apiKeyId", "identity.apiKeyId", "apiKey", "principalId", "authorizer.principalId", "clientId"),
            "user_agent": ("userAgent", "identity.userAgent"),
            "operation_id": ("operationName",),
        },
        key_hint='AWS API Gateway: add "apiKeyId":"$context.identity.apiKeyId" to the stage\'s access log format '
        '(HTTP APIs have no keys: "principalId":"$context.authorizer.claims.sub").',
    ),
    Format(
        "kong",
        "json",
        "Kong file-log and http-log",
        marks=("request.uri", "latencies", "started_at"),
        fields={
            "time": ("started_at",),
            "method": ("request.method",),
            "path": ("request.uri",),
            "status": ("response.status",),
            "api_key": ("consumer.custom_id", "consumer.id", "consumer.username", "authenticated_entity.id"),
            "user_agent": ("request.headers.user-agent",),
            "idempotency_key": ("request.headers.idempotency-key",),
        },
        key_hint="Kong: put an authentication plugin (key-auth, jwt, …) before file-log; consumer.id is then logged.",
    ),
    Format(
        "azure-api-management",
        "json",
        "Azure API Management gateway logs",
        marks=("category", "properties.operationId"),
        fields={
            "time": ("time",),
            "method": ("properties.method",),
            "path": ("properties.url",),
            "status": ("properties.responseCode",),
            "api_key": ("properties.apimSubscriptionId", "properties.userId"),
            "operation_id": ("properties.operationId",),
            "version": ("properties.apiRevision",),
        },
        key_hint="Azure API Management: require a subscription on the product; apimSubscriptionId is then logged.",
    ),
    Format(
        "envoy",
        "json",
        "Envoy and Istio access logs as JSON",
        marks=("response_code", "start_time"),
        fields={
            "time": ("start_time",),
            "method": ("method",),
            "path": ("path",),
            "status": ("response_code",),
            "api_key": ("x-consumer-id", "x_consumer_id", "consumer_id", "api_key_id", "api_key"),
            "user_agent": ("user_agent",),
        },
        key_hint='Envoy: add "api_key": "%REQ(X-CONSUMER-ID)%" to json_format (a header that your auth filter sets).',
    ),
    Format(
        "traefik",
        "json",
        "Traefik access log as JSON",
        marks=("DownstreamStatus", "RequestPath"),
        fields={
            "time": ("StartUTC", "time"),
            "method": ("RequestMethod",),
            "path": ("RequestPath",),
            "status": ("DownstreamStatus",),
            "api_key": ("request_X-Api-Key-Id", "request_X-Consumer-Id", "ClientUsername"),
            "user_agent": ("request_User-Agent",),
            "idempotency_key": ("request_Idempotency-Key",),
        },
        key_hint="Traefik: keep the header that names the caller (accessLog.fields.headers.names.X-Consumer-Id: keep).",
    ),
    Format(
        "caddy",
        "json",
        "Caddy access log",
        marks=("request.uri", "ts", "status"),
        fields={
            "time": ("ts",),
            "method": ("request.method",),
            "path": ("request.uri",),
            "status": ("status",),
            "api_key": (
                "api_key_id",
                "api_key",
                "request.headers.X-Consumer-Id",
                "request.headers.X-Api-Key-Id",
                "user_id",
            ),
            "user_agent": ("request.headers.User-Agent",),
            "idempotency_key": ("request.headers.Idempotency-Key",),
        },
        key_hint="Caddy: `log_append api_key_id {http.auth.user.id}`, or a header that names the caller.",
    ),
    Format(
        "tyk",
        "json",
        "Tyk analytics records (tyk-pump)",
        marks=("raw_path", "response_code", "api_id"),
        fields={
            "time": ("timestamp",),
            "method": ("method",),
            "path": ("raw_path",),
            "route": ("path",),
            "status": ("response_code",),
            "api_key": ("api_key", "oauth_id", "alias"),
            "user_agent": ("user_agent",),
            "version": ("api_version",),
        },
        key_hint="Tyk: use an authentication mode other than keyless; api_key is then in every record.",
    ),
    Format(
        "apigee",
        "table",
        "Apigee analytics export",
        marks=("request_verb", "response_status_code"),
        fields={
            "time": ("client_received_start_timestamp", "timestamp", "time", "date"),
            "method": ("request_verb",),
            "path": ("request_path", "request_uri", "proxy_pathsuffix"),
            "status": ("response_status_code",),
            "api_key": ("client_id", "developer_app", "developer_email"),
            "user_agent": ("useragent",),
            "version": ("apiproxy_revision",),
            "count": ("message_count", "sum(message_count)"),
        },
        key_hint="Apigee: add client_id or developer_app to the exported dimensions.",
    ),
    Format(
        "google-cloud-endpoints",
        "json",
        "Google Cloud Endpoints and API Gateway",
        marks=("jsonPayload.http_method",),
        fields={
            "time": ("timestamp",),
            "method": ("jsonPayload.http_method",),
            "path": ("jsonPayload.url",),
            "status": ("jsonPayload.http_status_code", "jsonPayload.http_response_code"),
            "api_key": ("jsonPayload.api_key", "jsonPayload.consumer_number", "jsonPayload.producer_project_id"),
            "operation_id": ("jsonPayload.api_method",),
            "version": ("jsonPayload.api_version",),
        },
        key_hint="Google Cloud Endpoints: require an API key in the service's security definition; it is then logged.",
    ),
    Format(
        "google-load-balancer",
        "json",
        "Google Cloud load balancer",
        marks=("httpRequest.requestMethod", "httpRequest.requestUrl"),
        fields={
            "time": ("timestamp",),
            "method": ("httpRequest.requestMethod",),
            "path": ("httpRequest.requestUrl",),
            "status": ("httpRequest.status",),
            "user_agent": ("httpRequest.userAgent",),
            "api_key": ("jsonPayload.customHeaders.X-Consumer-Id", "jsonPayload.api_key", "labels.api_key"),
        },
        key_hint="Google load balancer: log a custom header that names the caller (logConfig.optionalFields).",
    ),
    Format(
        "cloudflare",
        "json",
        "Cloudflare Logpush, http_requests",
        marks=("ClientRequestMethod", "EdgeResponseStatus"),
        fields={
            "time": ("EdgeStartTimestamp",),
            "method": ("ClientRequestMethod",),
            "path": ("ClientRequestURI", "ClientRequestPath"),
            "status": ("EdgeResponseStatus",),
            "api_key": (
                "RequestHeaders.x-consumer-id",
                "RequestHeaders.x-api-key-id",
                "RequestHeaders.x-api-key",
                "APIKeyID",
            ),
            "user_agent": ("ClientRequestUserAgent",),
            "idempotency_key": ("RequestHeaders.idempotency-key",),
        },
        key_hint="Cloudflare: add a custom field to the job for a header that names the caller (x-consumer-id).",
    ),
    Format(
        "opentelemetry",
        "json",
        "OpenTelemetry HTTP server spans, attributes by name",
        marks=("http.request.method|attributes.http.request.method|http.method|attributes.http.method",),
        fields={
            "time": ("startTimeUnixNano", "start_time", "startTime", "timestamp", "time", "@timestamp"),
            **{
                name: tuple(place for attribute in attributes for place in (attribute, f"attributes.{attribute}"))
                for name, attributes in _SPAN_ATTRIBUTES.items()
            },
        },
        key_hint=_SPAN_HINT,
    ),
    Format(
        "otlp",
        "otlp",
        "OpenTelemetry's own export (OTLP as JSON), its server spans",
        marks=("resourceSpans",),
        fields={"time": ("startTimeUnixNano",), **_SPAN_ATTRIBUTES},
        key_hint=_SPAN_HINT,
    ),
    Format(
        "nginx-json",
        "json",
        "nginx, log_format as JSON",
        marks=("remote_addr", "request_uri|request|uri"),
        fields={
            "time": ("msec", "time_iso8601", "time_local", "time", "timestamp", "@timestamp"),
            "method": ("request_method", "request_type", "method"),
            "path": ("request_uri", "uri", "request"),
            "query": ("query_string", "args"),
            "status": ("status",),
            "api_key": ("key_id", "api_key_id", "api_key", "http_x_consumer_id", "http_x_api_key", "remote_user"),
            "user_agent": ("http_user_agent", "user_agent"),
        },
        key_hint=_NGINX_HINT,
    ),
    Format(
        "aws-alb",
        "spaced",
        "AWS application load balancer",
        columns=(
            "type",
            "time",
            "elb",
            "client",
            "target",
            "t1",
            "t2",
            "t3",
            "status",
            "target_status",
            "received",
            "sent",
            "request",
            "agent",
            "cipher",
            "protocol",
            "group",
            "trace",
        ),
        fields={"time": ("time",), "request": ("request",), "status": ("status",), "user_agent": ("agent",)},
        key_hint="An ALB logs no header. Log at the gateway or the application behind it, where the caller is known.",
    ),
    Format(
        "combined",
        "spaced",
        "nginx and Apache combined and common",
        columns=_COMBINED_COLUMNS,
        fields={
            "time": ("at",),
            "request": ("request",),
            "status": ("status",),
            "api_key": ("user",),
            "user_agent": ("agent",),
        },
        key_hint=_NGINX_HINT + " Apache: SetEnvIf or mod_auth, and %u or %{X-Consumer-Id}i in LogFormat.",
    ),
    Format(
        "cloudfront",
        "w3c",
        "AWS CloudFront standard logs",
        marks=("x-edge-location",),
        fields={
            "time": ("date+time",),
            "method": ("cs-method",),
            "path": ("cs-uri-stem",),
            "query": ("cs-uri-query",),
            "status": ("sc-status",),
            "user_agent": ("cs(User-Agent)",),
            "api_key": ("cs(X-Consumer-Id)", "x-api-key-id"),
        },
        key_hint="CloudFront: use real-time logs with cs-headers, or log at the origin, where the caller is known.",
    ),
    Format(
        "iis",
        "w3c",
        "IIS W3C extended",
        marks=("cs-method", "cs-uri-stem"),
        fields={
            "time": ("date+time",),
            "method": ("cs-method",),
            "path": ("cs-uri-stem",),
            "query": ("cs-uri-query",),
            "status": ("sc-status",),
            "user_agent": ("cs(User-Agent)",),
            "api_key": ("X-Consumer-Id", "cs(X-Consumer-Id)", "X-Api-Key-Id", "cs-username"),
        },
        key_hint="IIS: add a custom logging field for the request header that names the caller (X-Consumer-Id).",
    ),
    Format(
        "aws-api-gateway-clf",
        "pattern",
        "AWS API Gateway, the CLF format of its manual",
        pattern=r'^(?P<address>\S+) (?P<caller>\S+) (?P<api_key>\S+) \[(?P<time>[^\]]+)\] ?"(?P<request>[^"]*)" '
        r"(?P<status>\d{3}) (?P<bytes>\S+) (?P<request_id>\S+)",
        fields={"time": ("time",), "request": ("request",), "status": ("status",), "api_key": ("api_key",)},
        key_hint="AWS API Gateway: put $context.identity.apiKeyId in the place of $context.identity.user.",
    ),
    Format("table", "table", "CSV, TSV or Parquet with named columns"),
    Format("json", "json", "JSON Lines with named fields"),
)

BY_NAME: Mapping[str, Format] = {log_format.name: log_format for log_format in FORMATS}
ALIASES_OF_FORMATS: Mapping[str, str] = {
    "nginx": "combined",
    "apache": "combined",
    "common": "combined",
    "istio": "envoy",
    "jsonl": "json",
    "csv": "table",
    "parquet": "table",
    "otel": "opentelemetry",
    "alb": "aws-alb",
    "apim": "azure-api-management",
    "apigw": "aws-api-gateway",
}
