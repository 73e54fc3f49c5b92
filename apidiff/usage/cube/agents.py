"""User agents as data: which product, language and kind of client a header claims; the first row that matches wins."""

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Client:
    """What a user agent claims to be. `kind` is `agent`, `sdk`, `library`, `tool`, `bot`, `browser` or `other`."""

    family: str
    language: str = ""
    kind: str = "other"


_LANGUAGES = {
    "python": "python",
    "py": "python",
    "node": "javascript",
    "js": "javascript",
    "javascript": "javascript",
    "typescript": "javascript",
    "nodejs": "javascript",
    "ruby": "ruby",
    "rb": "ruby",
    "php": "php",
    "java": "java",
    "kotlin": "java",
    "go": "go",
    "golang": "go",
    ".net": "csharp",
    "dotnet": "csharp",
    "csharp": "csharp",
    "net": "csharp",
    "rust": "rust",
    "swift": "swift",
    "elixir": "elixir",
    "perl": "perl",
    "dart": "dart",
}

_L = "(?P<language>" + "|".join(map(re.escape, sorted(_LANGUAGES, key=len, reverse=True))) + ")"

_TABLE: tuple[tuple[str, str, str, str], ...] = (
    # agents come first: they also hide inside browser strings
    (r"claude-code|claude-cli|claude-desktop|Claude-User|ClaudeBot", "claude", "agent", ""),
    (r"ChatGPT-User|OAI-SearchBot|GPTBot|openai-mcp", "chatgpt", "agent", ""),
    (r"codex[_-]cli", "codex", "agent", ""),
    (r"PerplexityBot|Perplexity-User", "perplexity", "agent", ""),
    (r"^Cursor/|\bCursor/", "cursor", "agent", ""),
    (r"^copilot/|GitHubCopilot|copilot-cli", "copilot", "agent", ""),
    (r"Visual Studio Code/|^Zed/|\bKiro/|Windsurf/", "editor", "agent", ""),
    (r"Replit-Agent|Notion-MCP|MCP-Client|mcp-remote|modelcontextprotocol", "mcp", "agent", ""),
    (r"Google-Extended|Gemini-|GoogleAgent", "gemini", "agent", ""),
    (r"langchain|llama-?index|autogpt|crewai|smolagents|browser-use", "agent framework", "agent", ""),
    # vendors' own clients, and those that generators write
    (rf"^(?P<family>[\w.-]+)/v\d+ {_L}Bindings/", "", "sdk", ""),
    (rf"^(?P<family>[A-Z]\w+)/{_L} \d", "", "sdk", ""),
    (rf"^speakeasy-sdk/{_L}", "speakeasy", "sdk", ""),
    (rf"^(?P<family>OpenAPI-Generator|Swagger-Codegen)/[^/]*/{_L}", "", "sdk", ""),
    (r"^Boto3/|Botocore/|aws-cli/", "aws", "sdk", "python"),
    (rf"^aws-sdk-{_L}", "aws", "sdk", ""),
    (rf"^azsdk-{_L}", "azure", "sdk", ""),
    (rf"^(?P<family>[A-Za-z]\w+) {_L} v\d", "", "sdk", ""),
    (rf"^(?P<family>[A-Za-z][\w]*?)-(?:api-client-|sdk-|client-)?{_L}(?:-sdk|-client)?/v?\d", "", "sdk", ""),
    # general libraries
    (r"python-requests|python-httpx|aiohttp|Python-urllib|urllib3|^Python/", "python library", "library", "python"),
    (r"axios|node-fetch|undici|^node\b|\bgot\b|superagent|Deno/|Bun/", "javascript library", "library", "javascript"),
    (
        r"okhttp|^Java/|Java-http-client|Apache-HttpClient|ReactorNetty|Jersey|Feign|ktor",
        "java library",
        "library",
        "java",
    ),
    (r"Go-http-client|go-resty", "go library", "library", "go"),
    (r"\bRuby\b|Faraday|HTTParty|rest-client", "ruby library", "library", "ruby"),
    (r"GuzzleHttp|\bPHP/|Symfony HttpClient", "php library", "library", "php"),
    (r"RestSharp|\.NET|HttpClient/dotnet|Refit", "csharp library", "library", "csharp"),
    (r"reqwest|^hyper/|ureq", "rust library", "library", "rust"),
    (r"\bDart/", "dart library", "library", "dart"),
    (r"libwww-perl|LWP::|Mojolicious", "perl library", "library", "perl"),
    (r"CFNetwork|Alamofire", "swift library", "library", "swift"),
    (r"Hackney|Finch/|mint/", "elixir library", "library", "elixir"),
    # tools that people and checks use by hand
    (r"^curl/|\bcurl/", "curl", "tool", ""),
    (r"PostmanRuntime", "postman", "tool", ""),
    (r"HTTPie", "httpie", "tool", ""),
    (r"insomnia|Bruno|Paw/|Hoppscotch", "api client", "tool", ""),
    (r"Terraform", "terraform", "tool", ""),
    (r"Zapier|make\.com|n8n|Workato|Tray\.io", "automation", "tool", ""),
    (r"^k6/|Wget/|JMeter|Gatling|locust|wrk\b|ApacheBench", "load test", "tool", ""),
    (
        r"Pingdom|UptimeRobot|StatusCake|Datadog/Synthetics|Site24x7|GoogleHC|ELB-HealthChecker|kube-probe",
        "monitor",
        "bot",
        "",
    ),
    (r"\w*[Bb]ot\b|crawler|spider", "bot", "bot", ""),
    (r"^Mozilla/", "browser", "browser", "javascript"),
)
_COMPILED = tuple(
    (re.compile(pattern, re.IGNORECASE), family, kind, language) for pattern, family, kind, language in _TABLE
)


@lru_cache(maxsize=65_536)
def client_of(user_agent: str) -> Client:
    """The client that a user agent claims to be; its language is "" where nothing tells it."""
    if not user_agent or user_agent == "-":
        return Client("")
    for pattern, family, kind, language in _COMPILED:
        match = pattern.search(user_agent[:512])
        if match is None:
            continue
        groups = match.groupdict()
        found = groups.get("language")
        return Client(
            family or (groups.get("family") or "other").lower(),
            language or (_LANGUAGES[found.lower()] if found else ""),
            kind,
        )
    product = re.match(r"[A-Za-z][\w.-]{0,30}(?=[/ ]|$)", user_agent)
    return Client(product[0].lower() if product else "other")
