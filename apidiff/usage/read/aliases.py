"""What logs of no particular gateway call the canonical fields, as data."""

import re
from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    "time": (
        "time", "timestamp", "ts", "datetime", "eventtime", "eventtimestamp", "logtime", "timelocal", "timeiso8601",
        "msec", "starttime", "startedat", "requesttime", "requesttimestamp", "requesttimeepoch", "requeststarttime",
        "requeststart", "starttimestamp", "starttimeunixnano", "timeunixnano", "edgestarttimestamp", "timegenerated",
        "timegeneratedutc", "timestamputc", "timeutc", "utctime", "datetimeutc", "timestampms", "timestampmillis",
        "epochms", "epoch", "unixtime", "unixtimestamp", "isotime", "timestampiso", "reqtimesec", "reqtime",
        "requestdate", "requestedat", "createdat", "created", "date", "occurredat", "receivedat", "timereceived",
        "loggedat", "logdate", "accesstime", "eventcreated", "eventstart", "eventdate", "timems", "when", "asctime",
        "t", "at", "ingesttime", "insertedat", "realtimetimestamp", "sourcerealtimetimestamp",
        "timeatthestart", "devtime", "rt",
    ),
    "method": (
        "method", "httpmethod", "requestmethod", "httprequestmethod", "verb", "requesttype", "requestverb", "httpverb",
        "csmethod", "reqmethod", "clientrequestmethod", "requesthttpmethod", "hmethod", "apimethodverb", "apimethod",
    ),
    "path": (
        "path", "requesturi", "originalurl", "urloriginal", "uri", "requestpath", "url", "requesturl", "rawpath",
        "httppath", "urlpath", "httpurl", "httptarget", "httprequesturl", "httprequesturi", "target", "requesttarget",
        "clientrequesturi", "clientrequestpath", "urlfull", "endpoint", "csuristem", "uristem", "uripath", "reqpath",
        "requri", "requrl", "pathinfo", "fullpath", "rawurl", "rawuri", "httpurldetailspath", "pathname",
        "requestedurl", "requesteduri", "apipath", "resourceuri", "csuri", "page", "request", "requestline",
        "httprequest", "firstrequestline", "httprequestline", "req",
    ),
    "route": (
        "route", "httproute", "routetemplate", "pathtemplate", "resourcepath", "routekey", "template", "routepattern",
        "routepath", "matchedroute", "matchedpath", "urltemplate", "uritemplate", "urlrule", "operationpath",
        "pathpattern", "resourcetemplate", "apiresourcetemplate", "bestmatchingpattern",
    ),
    "status": (
        "status", "statuscode", "responsecode", "httpstatus", "responsestatus", "code", "httpstatuscode",
        "httpresponsestatuscode", "responsestatuscode", "scstatus", "resstatuscode", "edgeresponsestatus",
        "downstreamstatus", "httpcode", "resultcode", "httpresponsecode", "httpresponsestatus", "finalstatus",
        "respstatus", "rspstatus", "returncode", "proxyresponsecode", "elbstatuscode", "rescode", "statusvalue",
        "response", "httpresponse", "sc",
    ),
    "api_key": (
        "apikey", "apikeyid", "keyid", "apikeyhash", "keyhash", "key", "consumer", "consumerid", "consumerusername",
        "consumercustomid", "consumername", "clientid", "apptoken", "appid", "applicationid", "subscriptionid",
        "apimsubscriptionid", "credential", "credentialid", "credentialidentifier", "apikeyname", "apikeyprefix",
        "xapikey", "xapikeyid", "httpxapikey", "httpxconsumerid", "requestxapikey", "requestxapikeyid",
        "requestxconsumerid", "requestxclientid", "xconsumerid", "xclientid", "xappid",
        "xapplicationid", "apiclientid", "apiclient", "oauthclientid", "azp", "jwtclientid", "jwtclaimclientid",
        "developerapp", "clientapplication", "partnerid", "integratorid", "integrator", "token", "tokenid",
        "accesstokenid", "accesskey", "accesskeyid", "principalid", "authorizerprincipalid", "xconsumer", "remoteuser",
        "enduserid", "usrid", "userid",
        "accountid", "customerid", "tenantid", "clientname", "principal", "username", "authuser", "user", "usrname",
        "auth", "clientkey", "usersub", "credentialsid", "subscriptionname", "suser", "clientusername", "subject",
        "sub", "userauthenticatedid", "csusername", "sslclientsdn", "authorization", "httpauthorization",
        "requestauthorization",
    ),
    "query": (
        "query", "querystring", "args", "rawquery", "urlquery", "csuriquery", "requestquery", "querystr",
        "requestquerystring", "httpquery", "uriquery", "querystringraw", "clientrequestquery",
    ),
    "user_agent": (
        "useragent", "ua", "httpuseragent", "useragentoriginal", "agent", "clientuseragent", "requestuseragent",
        "csuseragent", "clientrequestuseragent", "useragentstring", "httpagent",
    ),
    "version": (
        "apiversion", "stripeversion", "httpstripeversion", "xapiversion", "httpxapiversion", "xgithubapiversion",
        "versionheader", "requestversion", "apiversionheader", "plaidversion", "notionversion", "anthropicversion",
        "headerversion", "version",
    ),
    "operation_id": ("operationid", "operation", "apimethod", "operationname"),
    "host": (
        "host", "httphost", "authority", "domain", "requesthost", "vhost", "virtualhost", "servername", "reqhost",
        "clientrequesthost", "urldomain", "originalhost", "xforwardedhost", "hostheader", "cshost",
        "httpurldetailshost",
    ),
    "idempotency_key": ("idempotencykey", "httpidempotencykey", "xidempotencykey", "requestidempotencykey"),
    "request_fields": ("requestfields", "requestbodyfields", "bodyfields"),
    "request_body_length": (
        "requestcontentlength", "requestbodylength", "requestbodysize", "requestbodybytes", "reqbodybytes",
        "reqcontentlength", "httprequestbodybytes", "httprequestbodysize", "httprequestcontentlength",
    ),
    "response_fields": ("responsefields", "responsebodyfields", "fieldsreturned"),
    "latency_ms": ("latencyms", "latency", "durationms", "duration", "responsetimems"),
}  # fmt: skip
"""Names that logs use for each canonical field, without case and punctuation, the most telling first."""

COUNTS = ("messagecount", "requestcount", "requests", "hits", "count", "calls", "numrequests", "samplecount")
"""Names of what may be a number of requests, or anything else: taken only where a user says so."""

ELSEWHERE = frozenset(
    {"upstream", "origin", "backend", "integration", "target", "error", "err", "exception", "previous", "service",
     "kubernetes", "k8s", "process", "agent", "cloud", "container", "ecs", "event", "host", "server", "tls", "ssl",
     "resource", "orchestrator", "docker", "file", "log", "response", "res", "geo", "geoip", "os", "device", "beat",
     "data_stream", "elastic", "trace", "span"}
)  # fmt: skip
"""Objects whose members are not the request's, though they may be called the same: looked into last."""
RESPONSES = frozenset({"response", "res", "event", "log"})
"""Those of them in which a status or a time is at home."""
_HEADER = re.compile(r"(?i)(?:req|request|http)[_.-]*(?:http|headers?)[_.-]+")
"""What logs write before a header's name, in one word with it."""
_TYPE = re.compile(r"(?<=\w)_[sdgbt]$")
"""What Azure Monitor writes behind the name of a column that is not its own, for its type."""
WRAPPERS = frozenset(
    {"S", "N", "string", "int", "long", "$numberInt", "$numberLong", "$numberDouble", "$date", "stringValue",
     "intValue", "doubleValue"}
)  # fmt: skip
"""Objects of one member, which says its type: DynamoDB, Avro, MongoDB, OpenTelemetry."""
HEADERS = frozenset({"headers", "header", "requestheaders", "reqheaders", "httpheaders"})
"""Objects that hold a request's headers by name."""


def readings(name: str) -> tuple[str, ...]:
    """What a name may be spelled as in `ALIASES`, itself first: without what stands before a header, or for a type."""
    bare = _TYPE.sub("", _HEADER.sub("", name, count=1))
    return tuple(dict.fromkeys((plain(name), plain(bare))))


def plain(name: str) -> str:
    """A name without case and punctuation, as `ALIASES` holds them."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
