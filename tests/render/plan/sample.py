"""A plan made by hand that has one of everything, for the tests of its documents."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from apidiff.calls.samples import Samples
from apidiff.calls.value import Call, Credential, Exchange, Outcome, Read, Sample
from apidiff.config.settings import Answer
from apidiff.plan.value import Dates, Decision, Plan, PlannedChange, PlannedIntegrator, PlannedOperation, Step, Tier
from apidiff.usage.evidence import Coverage, Depth, Evidence, Impact, OperationUse
from apidiff.words.changes import (
    Alternative,
    Change,
    Effort,
    Exposed,
    Exposure,
    Level,
    OperationEntry,
    SpecHead,
    Waiver,
    Witness,
)
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId

GUIDE = "https://developer.example.com/migrate/v2"
HEADERS = {
    "Deprecation": "@1799625600",
    "Sunset": "Tue, 11 Jan 2028 00:00:00 GMT",
    "Link": f'<{GUIDE}>; rel="deprecation"; type="text/html", <{GUIDE}>; rel="sunset"; type="text/html"',
}
CUSTOMER, CUSTOMERS, CHARGES = "GET /v1/customers/{id}", "GET /v1/customers", "GET /v1/charges"
CREATE, CARD, REFUND = "POST /v1/customers", "DELETE /v1/customers/{id}/cards/{card}", "GET /v1/refunds/{id}"


def entry(identity: str, present: str = "both", **more: Any) -> OperationEntry:
    method, path = identity.split(" ", 1)
    return OperationEntry(OperationId(identity), method, path, None, present, scheme="bearer", **more)


def change(identity: str, rule: str, title: str, *operations: str, **more: Any) -> Change:
    fields: dict[str, Any] = {
        "level": Level.BREAKING,
        "direction": Direction.REQUEST,
        "base": "#/paths",
        "revision": None,
        "before": ABSENT,
        "after": ABSENT,
        "why": "Callers that worked can fail.",
        "places": operations,
    }
    return Change(
        id=identity, rule=rule, title=title, operations=tuple(map(OperationId, operations)), **(fields | more)
    )


CHANGES = (
    change(
        "aaaa00000001",
        "property-renamed",
        "response property `name` of `Customer` was split into `first_name` and `last_name`",
        CUSTOMERS,
        CUSTOMER,
        direction=Direction.RESPONSE,
        base="#/components/schemas/Customer/properties/name",
        revision="#/components/schemas/Customer/properties/first_name",
        before="name",
        after=["first_name", "last_name"],
        places=(
            f"{CUSTOMER}: response 200 application/json",
            f"{CUSTOMERS}: response 200 application/json data[]",
        ),
        renamed_to="first_name, last_name",
        alternative=Alternative(
            "keep-and-deprecate", "keep `name` beside `first_name` and `last_name`, marked deprecated"
        ),
        exposure=Exposure(Exposed.RECEIVED_FIELD, "body", ("name",)),
        name="name",
        subject="property",
    ),
    change(
        "aaaa00000002",
        "operation-removed",
        f"operation `{CARD}` was removed",
        CARD,
        direction=None,
        base="#/paths/~1v1~1customers~1{id}~1cards~1{card}/delete",
        alternative=Alternative("keep-and-deprecate", "keep the operation and mark it deprecated"),
        effort=Effort.REDESIGN,
        name=CARD,
        subject="operation",
    ),
    change(
        "aaaa00000003",
        "parameter-became-required",
        "query parameter `currency` became required",
        CHARGES,
        base="#/paths/~1v1~1charges/get/parameters/0",
        revision="#/paths/~1v1~1charges/get/parameters/0",
        before=False,
        after=True,
        places=(f"{CHARGES}: query currency",),
        alternative=Alternative("default", "keep `currency` optional, with the old behaviour as its default"),
        exposure=Exposure(Exposed.LEFT_OUT_PARAMETER, "query", ("currency",)),
        witness=Witness({}, "a request without `currency` worked and is now refused"),
        name="currency",
        subject="parameter",
    ),
    change(
        "aaaa00000004",
        "enum-value-removed",
        "value `amount` of query parameter `sort` was removed",
        CHARGES,
        base="#/paths/~1v1~1charges/get/parameters/1/schema/enum",
        revision="#/paths/~1v1~1charges/get/parameters/1/schema/enum",
        before=["amount"],
        places=(f"{CHARGES}: query sort",),
        effort=Effort.CONFIG,
        exposure=Exposure(Exposed.SENT_VALUE, "query", ("sort",), ("amount",)),
        name="sort",
        subject="schema",
    ),
    change(
        "aaaa00000005",
        "max-length-decreased",
        "request property `description` of the body of `POST /v1/customers` may only be 80 long (it was 200)",
        CREATE,
        base="#/paths/~1v1~1customers/post/requestBody",
        revision="#/paths/~1v1~1customers/post/requestBody",
        before=200,
        after=80,
        places=(f"{CREATE}: request application/json address.description",),
        exposure=Exposure(Exposed.SENT_FIELD, "body", ("address.description",)),
        name="description",
        subject="schema",
    ),
    change(
        "aaaa00000006",
        "operation-moved",
        f"operation `{REFUND}` moved to `GET /v2/refunds/{{id}}`",
        REFUND,
        direction=None,
        before=REFUND,
        after="GET /v2/refunds/{id}",
        renamed_to="GET /v2/refunds/{id}",
        effort=Effort.CONFIG,
        name=REFUND,
        subject="operation",
    ),
    change(
        "aaaa00000007",
        "enum-value-added",
        "response property `status` of `Charge` may now be `blocked`",
        CHARGES,
        level=Level.DANGEROUS,
        direction=Direction.RESPONSE,
        after=["blocked"],
        name="status",
        subject="schema",
    ),
    change(
        "aaaa00000008",
        "header-removed",
        "response header `X-Total` was removed",
        CUSTOMERS,
        direction=Direction.RESPONSE,
        waiver=Waiver("nobody reads it", "ana@example.com", "2028-01-01"),
        name="X-Total",
        subject="header",
    ),
    change("aaaa00000009", "property-added", "response property `locale` was added", CUSTOMER, level=Level.ADDITIVE),
)
PROCEED = Decision("aaaa00000002", Answer.PROCEED, "cards move to the vault", "Ana Ruiz")


def at(month: int, dayno: int) -> datetime:
    return datetime(2026, month, dayno, 8, 30, tzinfo=UTC)


def impact(integrator: str, number: int, evidence: Evidence, calls: int, seen: str) -> Impact:
    one = CHANGES[number - 1]
    return Impact(
        integrator, (one.id,), evidence, one.operations, calls, calls + 2, min(calls, 61), at(8, 25), at(11, 19), seen,
        "" if evidence is Evidence.CONFIRMED else "log the response's fields to know",
    )  # fmt: skip


def integrator(
    rank: int, tier: Tier, identity: str, name: str, impacts: tuple[Impact, ...], **more: Any
) -> PlannedIntegrator:
    fields: dict[str, Any] = {
        "score": 100.0 - 7 * rank,
        "owner": "Ana Ruiz",
        "contact": f"dev@{identity}.example",
        "keys": (f"sk_live_…{identity[:4]}",),
        "evidence": impacts[0].evidence if impacts else Evidence.POSSIBLE,
        "operations": tuple(dict.fromkeys(operation for one in impacts for operation in one.operations)),
        "changes": tuple(change for one in impacts for change in one.changes),
        "logical_successes": sum(one.logical_successes for one in impacts),
        "active_days": max((one.active_days for one in impacts), default=0),
        "attempts": sum(one.attempts for one in impacts),
        "retry_loop": False,
        "first_seen": "2026-08-25",
        "last_seen": "2026-11-19",
        "depth": Depth.DEPENDENCY,
        "revenue": 240_000.0,
        "plan": "enterprise",
        "languages": ("python", "node"),
        "agent_share": 0.0,
        "effort": "code",
        "why": f"Called `{impacts[0].operations[0]}` on 61 of the last 90 days." if impacts else "Internal monitor.",
        "next_action": "call",
        "due": date(2027, 1, 4),
        "channel": "phone",
        "status": "",
        "promised_date": "",
        "confirmed_migrated_at": "",
        "notes": "",
        "score_parts": {"value": 28.5, "usage": 22.8, "depth": 20.0, "recency": 15.0, "effort": 6.0},
        "depth_operations": 5,
    }
    return PlannedIntegrator(
        rank=rank, tier=tier, integrator=identity, name=name, impacts=impacts, **(fields | more)
    )  # fmt: skip


def integrators() -> tuple[PlannedIntegrator, ...]:
    sure, likely, maybe = Evidence.CONFIRMED, Evidence.PROBABLE, Evidence.POSSIBLE
    return (
        integrator(
            1, Tier.CALL, "acme", "Acme GmbH",
            (
                impact("acme", 2, sure, 118, "called the removed operation 118 times"),
                impact("acme", 1, likely, 1989, "received customers on 61 days; response fields are not logged"),
            ),
        ),
        integrator(
            2, Tier.CALL, "monthend", "Month End Ltd", (impact("monthend", 3, sure, 12, "left `currency` out"),),
        ),
        integrator(
            3, Tier.PERSONAL_EMAIL, "bolt", "Bolt Inc", (impact("bolt", 4, sure, 40, "sent `sort=amount`"),),
            next_action="write", channel="e-mail",
        ),
        integrator(
            4, Tier.EMAIL, "loop", "Loop Agent", (impact("loop", 1, likely, 3, "received customers"),),
            attempts=200_003, retry_loop=True, agent_share=0.97, revenue=None, depth=Depth.EXPERIMENT,
        ),
        integrator(5, Tier.NOTICE, "trial", "Trial One", (impact("trial", 6, maybe, 0, "only failing calls"),)),
        integrator(
            6, Tier.UNKNOWN, "key-9f3a", "", (impact("key-9f3a", 6, sure, 77, "called the moved operation"),),
            contact="", owner="", revenue=None, plan="", languages=(),
        ),
        integrator(
            7, Tier.EXCLUDED, "monitor", "Uptime", (), why="internal: synthetic monitoring", due=None, next_action="",
        ),
    )  # fmt: skip


TIMELINE = (
    Step(
        "review", "review", date(2026, 12, 21), "Avoidance review", "Decide expand or proceed for each break.", "API PM"
    ),
    Step("evidence", "evidence", date(2026, 12, 22), "Evidence run", "Plan again on fresh logs.", "API team"),
    Step(
        "calls",
        "call",
        date(2027, 1, 4),
        "Call the 2 integrators of tier call",
        "Before the changelog.",
        "account owners",
    ),
    Step("changelog", "changelog", date(2027, 1, 11), "Public changelog", "Guide, headers and e-mails.", "DevRel"),
    Step("block", "block-new-keys", date(2027, 2, 11), "Block new keys", "Keys with no prior use get 410.", "API team"),
    Step("reminder-1", "reminder", date(2027, 7, 9), "Reminder 1 of 2", "With fresh counts.", "DevRel", 1),
    Step("reminder-2", "reminder", date(2027, 12, 10), "Reminder 2 of 2", "With fresh counts.", "DevRel", 2),
    Step("brownout-1", "brownout", date(2027, 12, 13), "Brownout 1", "14:00 to 15:00 UTC: 410.", "API team", 1),
    Step("go", "go-no-go", date(2028, 1, 7), "Go or no-go", "apidiff gate passes.", "API PM"),
    Step("sunset", "sunset", date(2028, 1, 11), "Sunset", "The old operations answer 410.", "API team"),
    Step("retro", "retrospective", date(2028, 2, 10), "Retrospective", "Surprises: target 0.", "API PM"),
)


def operations() -> tuple[PlannedOperation, ...]:
    by_operation: dict[str, list[str]] = {}
    for one in CHANGES:
        if one.level is Level.BREAKING and one.waiver is None:
            for operation in one.operations:
                by_operation.setdefault(operation, []).append(one.id)
    return tuple(
        PlannedOperation(
            entry(
                identity, "base" if identity in (CARD, REFUND) else "both",
                moved_to=OperationId("GET /v2/refunds/{id}") if identity == REFUND else None,
                parameters=(("query", "currency"), ("query", "sort")) if identity == CHARGES else (),
            ),
            tuple(changes),
            OperationUse(OperationId(identity), 300, 280, 5, 3, at(8, 25), at(11, 19)),
            identity in (CARD, REFUND),
            OperationId("GET /v2/refunds/{id}") if identity == REFUND else None,
            HEADERS,
        )
        for identity, changes in sorted(by_operation.items(), key=lambda item: item[0].split(" ")[::-1])
    )  # fmt: skip


HELD = {
    "integrators": 0, "share_of_integrators": 0.0, "revenue": 0.0, "share_of_revenue": 0.0,
    "evidence": {"confirmed": 0, "probable": 0, "possible": 0},
}  # fmt: skip
SUMMARY = {
    "breaking": 6, "dangerous": 1, "additive": 1, "editorial": 0, "unclassified": 0, "waived": 1, "operations": 42,
    "operations_broken": 6, "avoidable": 3, "decided_to_expand": 0, "decided_to_proceed": 1, "undecided": 5,
    "integrators_affected": 5, "revenue_affected": 960_000.0,
    "tiers": {"call": 2, "personal-email": 1, "email": 1, "notice": 1, "unknown": 1, "excluded": 1},
    "by_tier": {
        "call": HELD | {"integrators": 2, "share_of_revenue": 0.71, "evidence": {"confirmed": 2, "probable": 0}},
        "personal-email": HELD | {"integrators": 1, "share_of_revenue": 0.2},
        "email": HELD | {"integrators": 1}, "notice": HELD | {"integrators": 1}, "unknown": HELD | {"integrators": 1},
        "excluded": HELD,
    },
    "evidence": {"confirmed": 4, "probable": 1, "possible": 1},
}  # fmt: skip


def sample(**more: Any) -> Plan:
    """The plan, with some fields replaced."""
    people = integrators()
    counts = {
        one.id: {
            evidence: sum(one.id in hit.changes and hit.evidence is evidence for who in people for hit in who.impacts)
            for evidence in Evidence
        }
        for one in CHANGES
    }
    plan = Plan(
        base=SpecHead("old.yaml", "Payments", "1.4.0", "openapi 3.0.3", 41, "https://api.example.com"),
        revision=SpecHead("new.yaml", "Payments", "2.0.0", "openapi 3.0.3", 41, "https://api.example.com"),
        summary=SUMMARY,
        policy={"name": "house", "window_months": 12, "reminders": 2, "source": "apidiff's own"},
        dates=Dates(date(2027, 1, 11), date(2027, 1, 11), date(2028, 1, 11)),
        usage=Coverage(
            rows=120_000, matched=118_000, unmatched=1_988, malformed=12, first=at(8, 22), last=at(11, 19),
            days_with_data=90, span_days=90, keys=140, unknown_keys=1, has_query=True,
            unmatched_shapes=(("/v1/healthz", 1_900),), malformed_samples=(("usage.jsonl:17", "not JSON"),),
        ),
        operations=operations(),
        changes=tuple(
            PlannedChange(one, counts[one.id], PROCEED if one.id == PROCEED.change else None) for one in CHANGES
        ),
        integrators=people,
        timeline=TIMELINE,
        today=date(2026, 11, 20),
        draft="5 of 6 breaking changes are undecided",
        guide_url=GUIDE,
        languages=(("python", 0.62), ("node", 0.3), ("go", 0.08)),
        coverage_of_revenue=("2 accounts are 71% of the revenue affected; 3 for 95%",),
        cost={"integrators": "3 code, 1 config", "ours": "keep 2 operations for 12 months"},
    )  # fmt: skip
    return replace(plan, **more)


BEARER = (Credential("bearer"),)


class Made(Samples):
    """A sample of each change, all alike, with `text` wherever a spec's words may stand."""

    def __init__(self, text: str = "name") -> None:
        super().__init__(())
        self.text = text

    def of(self, change: Change, operation: str = "") -> Sample:
        """The change as two calls; what was removed without a successor has no second one."""
        name = operation or (change.operations[0] if change.operations else "GET /v1/things")
        path = name.partition(" ")[2].replace("{id}", "1").replace("{card}", "2")
        pairs = ((self.text, self.text),)
        call = Call("POST", path, "https://api.example.com", pairs, pairs, pairs, BEARER, "application/json")
        old = Exchange(
            replace(call, body={self.text: "old"}),
            "200",
            answer={self.text: [self.text]},
            reads=(Read((self.text, 0)),),
        )
        new = Exchange(replace(call, body={self.text: "new"}), "200", answer={self.text: self.text})
        gone = change.rule == "operation-removed"
        return Sample(name, old, None if gone else new, Outcome.GONE if gone else Outcome.REFUSED)
