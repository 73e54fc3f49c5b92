"""Errors of policies, templates and documents."""

from typing import Final

from apidiff.words.errors import Exit
from apidiff.words.problems.problem import Problem

PROBLEMS: Final = (
    # Policies
    Problem(
        "policy-unknown",
        "A policy is one of the presets or a YAML file of your own, and this names neither.",
        "Take the nearest preset, which the message names, or give the path of a file.",
        Exit.USAGE,
    ),
    Problem(
        "policy-invalid",
        "A field of the policy is not what it has to be. Dates would follow from it that nobody meant.",
        "Mend the field that the message names.",
        Exit.USAGE,
    ),
    Problem(
        "policy-too-short",
        "Integrators need months to see, plan, build and release a migration; below the floor most would simply break.",
        "Plan a longer window. Where waiting does harm, say `--emergency` with a `--reason`: every page shows it.",
        Exit.USAGE,
    ),
    # Decisions
    Problem(
        "decision-unknown",
        "A decision names a change, a rule or a part of the API in which nothing breaks: it is misspelt, or what it "
        "was about is gone. Were it passed over, somebody would believe that it holds.",
        "Mend it as the message says, or take it out; `apidiff decide` lists the decisions that are open.",
    ),
    Problem(
        "approval-unknown",
        "What was to be approved is no breaking or dangerous change of the plan or of the specs. Were it written down "
        "all the same, somebody would believe that it holds.",
        "Take the id that the reports print, from the same two specs.",
        Exit.USAGE,
    ),
    Problem(
        "decision-ambiguous",
        "Two decisions say different things about one change, and neither is narrower than the other.",
        "Answer that change by its id, or make one of the two narrower.",
    ),
    # Renames
    Problem(
        "rename-unknown",
        "A rename that is declared names something that did not go, or something that the revision has not got. Were "
        "it passed over, the guide would say less than whoever wrote it believes.",
        "Mend it as the message says, or take it out.",
    ),
    # Dates
    Problem(
        "policy-refuses",
        "The policy that you named allows no break of what is stable, so it has no dates for one.",
        "Expand instead; or plan under another policy.",
        Exit.USAGE,
    ),
    Problem(
        "announce-past",
        "The day of the changelog is over, and integrators can't be told then.",
        "Announce today or later.",
        Exit.USAGE,
    ),
    Problem(
        "announce-too-soon",
        "Tier `call` hears of a break in person, before any changelog, and no working day is left for the calls.",
        "Announce on the day that the message names, or later.",
        Exit.USAGE,
    ),
    Problem(
        "sunset-too-soon",
        "Integrators need at least six months to see, plan, build and release a migration.",
        "Take a later date. Where waiting does harm, say `--emergency` with a `--reason`: every page shows it.",
        Exit.USAGE,
    ),
    Problem(
        "calendar-full",
        "Nothing is switched off on a weekend, a holiday or in a freeze, and your calendar leaves no other day.",
        "Shorten the freezes and the peaks in apidiff.yaml.",
    ),
    Problem(
        "country-unknown",
        "Public holidays are known by country, and by the parts of those whose parts differ.",
        "Write the codes of ISO 3166, as in `countries: [US, DE-BY]`, or the days themselves below `holidays`.",
    ),
    # A plan that is public
    Problem(
        "announce-moved",
        "The folder holds a plan whose changelog is out already. Its date is history and can't be chosen again.",
        "Leave `--announce` out, and the dates stay; for another release plan into another folder.",
        Exit.USAGE,
    ),
    Problem(
        "sunset-earlier",
        "A sunset that was announced is a promise that the old thing works until then.",
        "Keep the date, or name a later one.",
        Exit.USAGE,
    ),
    # A plan that is followed
    Problem(
        "plan-not-found",
        "`track` and `gate` follow the plan that `apidiff plan` wrote, and there is none at this place.",
        "Give the plan folder, or the plan.json in it.",
    ),
    Problem(
        "plan-unreadable",
        "The plan can't be opened, or is no JSON: it may have been cut, or be another file.",
        "Give the plan.json that `apidiff plan` wrote, or plan again.",
    ),
    Problem(
        "plan-invalid",
        "A field of the plan is not what the format says: it was written by another version, or changed by hand.",
        "Plan again with this version; change decisions and dates in apidiff.yaml, not in plan.json.",
    ),
    Problem(
        "guide-unreadable",
        "What people wrote for the guide is in the plan's folder guide/, which a new plan keeps. It can't be read.",
        "Mend the file that is named, or move it out of the folder.",
    ),
    Problem(
        "plan-without-usage",
        "A plan that rests on logs keeps the keys of its integrators, hashed under a salt of its own. Without them "
        "nothing tells who is behind a key of today's logs.",
        "Give `--integrators`, or plan again with `--usage` and `--integrators`.",
    ),
    Problem(
        "history-unreadable",
        "The file track-history.json says what earlier runs of `track` saw. Without it nobody knows who has gone back "
        "to the old thing, so a broken one is not written over.",
        "Restore the file from where you keep it; if it is lost, move it away and `track` begins anew.",
    ),
    Problem(
        "confirmed-unreadable",
        "The list of who has moved by a person's word is no CSV with the columns that it has to have, so that nobody "
        "could say what it confirms.",
        "Mend the file, or restore it: `integrator`, `change` (empty for all), `date` and `by`.",
    ),
    Problem(
        "change-unknown",
        "`confirm --change` takes the id of a change by which something ends, and the plan has none of this id.",
        "Take the id from plan.json, or leave `--change` out: then all that ends is meant.",
        Exit.USAGE,
    ),
    Problem(
        "confirmed-nobody",
        "Nothing ends for anybody that the call names, so there is nothing to confirm.",
        "Name an owner, a tier or an integrator as outreach.csv has them.",
        Exit.USAGE,
    ),
    Problem(
        "folder-busy",
        "Another run is exchanging the files of the plan folder, which takes a moment. What is read meanwhile could be "
        "half old and half new.",
        "Wait until it is done; end it if it hangs, and the next run mends what it left.",
    ),
    Problem(
        "folder-interrupted",
        "A run was ended while it exchanged the files of the plan folder, and whatever is done about it now could lose "
        "what people wrote: both old and new files were changed since, or a file is in the way.",
        "Look into the hidden folder that the message names: `old` is what was there before, `new` what was to come. "
        "Put back what you need, then delete it.",
    ),
    # Documents
    Problem(
        "header-value-invalid",
        "An address for the `Link` header holds characters that a header can't carry.",
        "Percent-encode it.",
        Exit.USAGE,
    ),
    Problem(
        "template-missing",
        "A template includes or extends another one that is neither in your folder nor among ours.",
        "Correct the name; templates may include only those of apidiff and of `--template-dir`.",
    ),
    Problem(
        "template-broken",
        "A template of yours can't be filled. Nothing was written.",
        "Compare it with the one that apidiff ships, at the line that the message names.",
    ),
    Problem(
        "template-dir-missing",
        "`--template-dir` names a folder whose templates take the place of ours, and it is not there.",
        "Give a folder with copies of the templates to change.",
        Exit.USAGE,
    ),
    Problem(
        "template-unknown",
        "Your folder holds a template that no document is made from, so it would be ignored in silence.",
        "Name it as the one that it replaces; a file that others include starts with an underscore.",
        Exit.USAGE,
    ),
    Problem(
        "header-value-unsafe",
        "A value for an HTTP header holds a line end or a character outside ASCII, and could bring in another header.",
        "Write URLs percent-encoded, and keep line ends out of the texts of the policy.",
    ),
    Problem(
        "integrator-unknown",
        "`--explain` and `confirm` take the id or the name of an integrator that a change meets; nobody in the plan "
        "has this one.",
        "Look it up in outreach.csv; who is not there is not hit.",
        Exit.USAGE,
    ),
    Problem(
        "outreach-unreadable",
        "A new run keeps what people wrote into outreach.csv, and would lose it where the file can't be read.",
        "Mend the file, or move it out of the plan folder.",
    ),
    Problem(
        "outreach-conflict",
        "Somebody wrote one thing into outreach.csv and another into outreach.xlsx, in the same place of the list.",
        "Make both say the same, or empty one of the two cells.",
    ),
)
