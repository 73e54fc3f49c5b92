"""All log formats by name: those of gateways, those of text lines, and tables and JSON of nobody in particular."""

from collections.abc import Mapping

from apidiff.usage.read.form import CANONICAL, Format
from apidiff.usage.read.gateways import GATEWAYS
from apidiff.usage.read.pairs import PAIRS
from apidiff.usage.read.texts import TEXTS

FORMATS: tuple[Format, ...] = (
    *GATEWAYS,
    *TEXTS,
    *PAIRS,
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

__all__ = ["ALIASES_OF_FORMATS", "BY_NAME", "CANONICAL", "FORMATS", "Format"]
