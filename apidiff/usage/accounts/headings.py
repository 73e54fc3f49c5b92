"""What CRM exports call things, as data, and how they write money, dates and yes."""

import re
from collections.abc import Mapping
from datetime import date, datetime

FIELDS = (
    "api_key",
    "integrator",
    "name",
    "contact",
    "owner",
    "revenue",
    "plan",
    "created",
    "pinned",
    "excluded",
    "parent",
)

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "api_key": (
        "apikey",
        "apikeyid",
        "keyid",
        "key",
        "apikeyhash",
        "keyhash",
        "clientid",
        "consumerid",
        "consumer",
        "credential",
        "credentialid",
        "subscriptionid",
        "token",
        "tokenid",
        "appid",
        "applicationid",
        "xapikey",
    ),
    "integrator": (
        "integrator",
        "integratorid",
        "accountid",
        "account",
        "companyid",
        "company",
        "recordid",
        "organizationid",
        "organisationid",
        "orgid",
        "customerid",
        "customer",
        "tenantid",
        "tenant",
        "partnerid",
        "accountid18",
        "id",
    ),
    "name": (
        "name",
        "accountname",
        "companyname",
        "integratorname",
        "organizationname",
        "organisationname",
        "customername",
    ),
    "contact": (
        "contact",
        "contactemail",
        "email",
        "emailaddress",
        "technicalcontact",
        "developeremail",
        "primarycontactemail",
        "primarycontact",
        "billingemail",
        "technicalemail",
    ),
    "owner": (
        "owner",
        "accountowner",
        "ownername",
        "companyowner",
        "hubspotownerid",
        "accountmanager",
        "csm",
        "customersuccessmanager",
        "owneremail",
        "ownerid",
    ),
    "revenue": (
        "revenue",
        "arr",
        "arrc",
        "accountarr",
        "accountarrc",
        "arrtotal",
        "arrtotalc",
        "annualrecurringrevenue",
        "contractvalue",
        "acv",
        "ltv",
        "lifetimevalue",
        "yearlyrevenue",
        "spend",
    ),
    "plan": (
        "plan",
        "planname",
        "tier",
        "customertier",
        "customertierc",
        "subscriptionplan",
        "edition",
        "product",
        "package",
    ),
    "created": (
        "created",
        "createdat",
        "createddate",
        "createdate",
        "signupdate",
        "signedup",
        "signupat",
        "keycreated",
        "since",
        "customersince",
        "becameacustomerdate",
    ),
    "pinned": ("pinned", "pin", "vip", "strategic", "keyaccount"),
    "excluded": ("excluded", "exclude", "internal", "ignore", "exclusionreason", "excludedreason"),
    "parent": (
        "parent",
        "parentid",
        "parentaccount",
        "parentaccountid",
        "parentcompany",
        "ultimateparent",
        "parentcompanyid",
    ),
}
"""Headings by field, without case and punctuation, the most telling first. `created` of an account's key wins over its
own."""

MONTHLY = ("mrr", "mrrc", "monthlyrecurringrevenue", "monthlyrevenue")
"""Headings of a month's revenue: times twelve it is a year's."""

NOT_OURS = ("annualrevenue",)
"""The customer's own turnover in Salesforce and HubSpot: never taken for what it pays us."""

_FALSE = frozenset({"", "0", "no", "n", "false", "f", "off", "none", "null", "-"})
_TRUE = frozenset({"1", "yes", "y", "true", "t", "on", "x"})


def money(text: str) -> float | None:
    """An amount as people write it (`$1,200.00`, `EUR 1.200,00`, `1.2k`); None for a blank, else ValueError."""
    cleaned = text.strip().replace("\u00a0", " ").replace("'", "").replace("\u2019", "")
    if cleaned.lower() in ("", "-", "n/a", "na", "none", "null"):
        return None
    match = re.fullmatch(
        r"(?P<sign>[-(]?)\s*(?:[A-Za-z]{3}|[^\w\s\d(.,-]{1,3})?\s*(?P<minus>-?)(?P<digits>\d[\d.,\s]*)\s*(?P<unit>[kKmM]?)\s*"
        r"(?:[A-Za-z]{3}|[^\w\s\d)]{1,3})?\)?",
        cleaned,
    )
    if match is None:
        raise ValueError("not an amount")
    amount = float(_digits(match["digits"])) * {"k": 1e3, "m": 1e6}.get(match["unit"].lower(), 1)
    return -amount if match["sign"] or match["minus"] else amount


def _digits(text: str) -> str:
    """Digits with a point for the decimals: the last separator is theirs, unless it is alone before three digits."""
    text = re.sub(r"\s", "", text).rstrip(".,")
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    separator, decimals = text[last], text[last + 1 :]
    other = "," if separator == "." else "."
    thousands = text.count(separator) > 1 or (
        len(decimals) == 3 and other not in text and len(text[:last]) <= 3 and text[0] != "0"
    )
    if thousands:
        return text.replace(separator, "").replace(other, ".")
    return text[:last].replace(other, "").replace(separator, "") + "." + decimals


def truth(text: str) -> bool:
    """Whether a cell says yes; ValueError for what is neither yes nor no."""
    value = text.strip().lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ValueError("neither yes nor no")


def reason(text: str) -> str:
    """Why somebody is excluded: the cell's text, `excluded` for a bare yes, "" for a no."""
    value = text.strip()
    if value.lower() in _FALSE:
        return ""
    return "excluded" if value.lower() in _TRUE else value


def moment(text: str) -> datetime | None:
    """A date or a time as exports write it, the day first where points part it; None for a blank, else ValueError."""
    value = text.strip()
    if value.lower() in ("", "-", "none", "null"):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    for pattern in (
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%m/%d/%Y %H:%M",
        "%m/%d/%Y, %I:%M %p",
        "%Y/%m/%d",
        "%d %b %Y",
        "%b %d, %Y",
    ):
        try:
            return datetime.strptime(value, pattern)  # noqa: DTZ007 - a date of an export has no zone
        except ValueError:
            continue
    raise ValueError("not a date")


def as_date(text: str) -> date | None:
    """The date of `moment`."""
    found = moment(text)
    return found.date() if found else None
