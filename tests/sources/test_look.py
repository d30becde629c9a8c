"""What a file would be taken for, and what a person says of it instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanjeh.sources import Look, MappingError, Told, guess_mapping, look_at

EXPORT = (
    "Ticket ID,Created time,Status,Agent,Rating,Notes,Branch\n"
    "1,2026-03-01 09:00,Open,Ann,4,called twice,north\n"
    "2,2026-03-02 09:00,Solved,Bea,,,south\n"
    "3,never,Odd,Ann,5,,north\n"
    "4,2026-03-04 09:00,Open,Ann,1,,north\n"
    "5,2026-03-05 09:00,Open,,,,\n"
    "6,2026-03-06 09:00,Open,too,many,cells,in,this,row\n"
)


def looked(tmp_path: Path, text: str, **said: Any) -> Look:
    path = tmp_path / "export.csv"
    path.write_text(text, "utf-8")
    return look_at(path, Told(**said))


def column(look: Look, heading: str) -> Any:
    return next(c for c in look.columns if c.heading == heading)


def test_each_column_says_what_it_is_taken_for_and_how_much_of_it_can_be_read(
    tmp_path: Path,
) -> None:
    look = looked(tmp_path, EXPORT)
    assert (look.rows, look.misfits, look.tried) == (6, 1, 5)
    assert look.shape.delimiter == ","
    told = {c.heading: (c.role, c.filled, c.unread) for c in look.columns}
    assert told == {
        "Ticket ID": ("id", 5, 0),
        "Created time": ("created_at", 5, 1),
        "Status": ("status", 5, 1),
        "Agent": ("assignee_id", 4, 0),
        "Rating": ("score", 3, 0),
        "Notes": ("own", 1, 0),
        "Branch": ("own", 4, 0),
    }
    assert column(look, "Status").unknown == ("Odd",)
    assert column(looked(tmp_path, EXPORT, words={"Odd": "on_hold"}), "Status").unread == 0
    assert column(look, "Branch").examples == ("north", "south")
    assert column(look, "Created time").writing == "iso"
    assert look.first[1] == ("2", "2026-03-02 09:00", "Solved", "Bea", "", "", "south")
    assert not look.is_history


def test_columns_without_an_id_or_a_date_can_still_be_looked_at(tmp_path: Path) -> None:
    look = looked(tmp_path, "what,when\nparcel,2026-03-01\n")
    assert look.mapping is None
    assert "a case's id" in look.why
    assert [c.role for c in look.columns] == [None, None]
    mended = looked(
        tmp_path, "what,when\nparcel,2026-03-01\n", roles={"id": "what", "created_at": "when"}
    )
    assert mended.mapping is not None
    assert [c.role for c in mended.columns] == ["id", "created_at"]


def test_days_before_months_are_told_where_they_were_assumed(tmp_path: Path) -> None:
    text = "id,created\n1,03/04/2026\n2,05/06/2026\n"
    look = looked(tmp_path, text)
    assert (column(look, "created").writing, column(look, "created").is_assumed) == (
        "day_first", True,
    )  # fmt: skip
    mended = looked(tmp_path, text, writings={"created": "month_first"})
    assert (column(mended, "created").writing, column(mended, "created").is_assumed) == (
        "month_first", False,
    )  # fmt: skip


def test_what_was_said_is_not_guessed_again(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, "utf-8")
    roles = {"id": "Ticket ID", "created_at": "Created time", "team_id": "Branch"}
    mapping = guess_mapping(
        path, Told(roles=roles, own=frozenset({"Notes"}), zone="Asia/Tehran", source="desk")
    )
    ticket = mapping.records[0]
    assert {n: t.column for n, t in ticket.fields.items()} == {
        "id": "Ticket ID", "number": "Ticket ID", "created_at": "Created time",
        "team_id": "Branch",
    }  # fmt: skip
    assert list(ticket.attributes) == ["notes"]
    assert (mapping.zone, mapping.source) == ("Asia/Tehran", "desk")
    assert [r.kind for r in mapping.records] == ["ticket", "team"]
    with pytest.raises(MappingError, match="when each was made"):
        guess_mapping(path, Told(history=True))


@pytest.mark.parametrize(
    ("scores", "ends"),
    [
        (("1", "5", "3"), (1.0, 5.0)),
        (("0", "5"), (0.0, 5.0)),
        (("4,5", "3"), (1.0, 5.0)),
        (("۴", "۵"), (1.0, 5.0)),
        (("9", "2"), (1.0, 10.0)),
        (("0", "10"), (0.0, 10.0)),
        (("85", "100"), (0.0, 100.0)),
        (("good", "bad"), None),
        (("1200", "3"), None),
        (("", ""), None),
    ],
)
def test_scores_are_answers_on_the_scale_that_holds_them(
    tmp_path: Path, scores: tuple[str, ...], ends: tuple[float, float] | None
) -> None:
    path = tmp_path / "export.csv"
    rows = [f'{n},2026-03-01,"{score}"' for n, score in enumerate(scores)]
    path.write_text("\n".join(["id,created,score", *rows]), "utf-8")
    surveys = [r for r in guess_mapping(path).records if r.kind == "survey"]
    found = [(r.fields["scale_min"].constant, r.fields["scale_max"].constant) for r in surveys]
    assert found == ([] if ends is None else [ends])


def test_score_is_dated_by_the_solve_only_where_every_scored_case_has_one(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    for last, dated in (("2026-03-03", "resolved"), ("", "created")):
        path.write_text(
            "id,created,resolved,score\n1,2026-03-01,2026-03-02,5\n"
            f"2,2026-03-01,{last},4\n3,2026-03-01,,\n",
            "utf-8",
        )
        (answer,) = [r for r in guess_mapping(path).records if r.kind == "survey_response"]
        assert answer.fields["submitted_at"].column == dated
