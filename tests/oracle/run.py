"""`make oracle`: the whole product of situations, and every cell of the matrix flipped."""

from __future__ import annotations

import sys
import time
from datetime import date

from healthspace.access import rules
from healthspace.access.adapters import matrix as product_matrix
from healthspace.access.guarded import Guarded
from tests.oracle import bridge, law, matrix, worlds


def everything() -> worlds.Report:
    """Every situation of an open space, then every other state of the space with a plain asker."""
    whats = worlds.halves(list(worlds.items()))
    askers = list(worlds.professionals(("active",), law.TIES)) + list(worlds.others(("active",)))
    askers += list(worlds.plain_others())
    askers += [
        asker for asker in worlds.professionals(law.SPACES, ("explicit",)) if asker[7:] == (True, False, False, False)
    ]
    return worlds.compare(askers, whats)


def flipped_cells(on: date) -> tuple[int, int]:
    """(cells flipped, flips seen): a product whose matrix lies in one cell must disagree."""
    printed, flipped, found = matrix.from_text(), 0, 0
    for profession in sorted({profession for profession, _ in printed}):
        row = product_matrix.readable_types(profession, on) or frozenset()
        for type_code, class_code in matrix.types().items():
            asker = rules.Asker(
                role="professional", space_state="active", at=bridge.NOW, professional_id=bridge.ME,
                is_authorised=True, readable_types=row ^ {type_code},
            )  # fmt: skip
            item = Guarded("current", type_code, class_code, "professional", bridge.SOMEBODY, None)
            lie = rules.decide(asker, "open", item).is_allowed
            truth = law.law(law.State(tie="explicit", cell=printed[profession, type_code])).allowed
            flipped += 1
            found += lie != truth
    return flipped, found


def main() -> int:
    """Print what was compared; not 0 when the two sides differ anywhere."""
    began = time.monotonic()
    report = everything()
    flipped, found = flipped_cells(bridge.NOW.date())
    lines = {
        "states compared": f"{report.compared:,}",
        "disagreements": f"{report.disagreed:,}",
        "cells flipped": f"{flipped:,}",
        "flips found": f"{found:,}",
        "seconds": f"{time.monotonic() - began:.1f}",
    }
    sys.stdout.writelines(f"{name:<20} {value:>14}\n" for name, value in lines.items())
    sys.stdout.write(report.told() + "\n")
    return int(bool(report.disagreed) or flipped != found)


if __name__ == "__main__":
    sys.exit(main())
