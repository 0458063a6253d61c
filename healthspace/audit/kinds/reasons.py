"""Why an act was refused, in plain words, by the rule that decided."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NOT_THERE = _("Nothing was found there.")
NOT_AUTHOR = _("Only the author may do this.")
OTHERWISE = _("The rules of the health space do not allow it.")
# What somebody may not know is told like what is not there (decision 20): ANN-1, CHI-4.
REASONS = {
    "ABSENT": NOT_THERE,
    "ACC-1": _("You have not given this access to your record."),
    "ACC-8A": NOT_AUTHOR,
    "ACC-8D": _("The document had been deleted."),
    "ACC-10": _("You have blocked them."),
    "ACC-17": _("You have hidden this document."),
    "ACC-19b": _("It needs your permission."),
    "ACC-M": _("Their profession may not read documents of this type."),
    "ANN-1": NOT_THERE,
    "AST-1": _("No session of help was running."),
    "AST-2": _("You had not agreed to this."),
    "AST-5": _("This way to agree at a desk is not enough for it."),
    "CAR-1": _("A helper may not do this."),
    "CAR-2": _("You did not open this to your helper."),
    "CAR-3": _("You let your helper read, and change nothing."),
    "CHI-4": NOT_THERE,
    "CHI-4D": NOT_THERE,
    "CHI-7": _("The age or an agreement of the parents was missing."),
    "CLO-1": _("The health space was not open."),
    "EMG-1": _("You do not allow this in an emergency."),
    "EMG-1M": _("You do not allow hidden documents to be opened in an emergency."),
    "EMG-2": _("No reason was given."),
    "GUA-1": _("The decision of the judge does not allow it."),
    "ID-1": _("The document had been set aside because it is not yours."),
    "LOG-1": _("The password or the code was not the right one."),
}


def why(rule: str) -> str:
    """One sentence for a rule id; a general one for a rule we have no words for."""
    return str(REASONS.get(rule, OTHERWISE))
