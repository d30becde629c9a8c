"""`sanjeh close` and `closed` on the command line."""

from __future__ import annotations

from pathlib import Path

from cli_cases import home_with, run, run_json, status, ticket, written

MARCH = [
    ticket("a", "2026-03-02T09:00"), status("a", "2026-03-02T10:00", "solved"),
    ticket("b", "2026-03-03T09:00"), status("b", "2026-03-03T12:00", "solved"),
    ticket("beacon", "2026-04-02T09:00", is_spam=True),
]  # fmt: skip
SINCE = [ticket("b", "2026-03-03T09:00", is_spam=True)]


def test_a_month_is_closed_and_what_moved_it_is_listed(tmp_path: Path) -> None:
    home = home_with(tmp_path, MARCH)
    at = ("--home", home)
    assert "No month was closed yet" in run("closed", *at).stdout
    assert "2026-03 was not closed" in run("closed", "2026-03", *at, code=2).stderr
    assert "not over in the data" in run("close", "2026-04", *at, code=2).stderr
    made = run_json("close", "2026-03", "--json", *at)
    assert (made["month"], made["calendar"], made["number"]) == ("2026-03", "gregorian", 1)
    assert "closed already" in run("close", "2026-03", *at, code=2).stderr
    assert [c["month"] for c in run_json("closed", "--format", "json", *at)] == ["2026-03"]

    run("import", written(tmp_path, SINCE, "since.jsonl"), *at, "--source", "desk")
    found = run_json("closed", "2026-03", "--format", "json", *at)
    (time,) = [f for f in found["figures"] if f["address"] == "resolution_time"]
    assert (time["value_then"], time["value_now"], time["n_then"], time["n_now"]) == (
        7200, 3600, 2, 1,
    )  # fmt: skip
    assert [(m["kind"], m["record"], m["value_then"], m["reason"]) for m in time["moves"]] == [
        ("went out", "desk/b", 10800, "spam")
    ]
    assert found["records"] == 1
    csv = run("closed", "2026-03", "--format", "csv", *at).stdout.splitlines()
    assert csv[0].startswith("month,calendar,figure,group,")
    assert (
        "2026-03,gregorian,resolution_time,,seconds,calendar,7200.0,3600.0,2,1,went out,desk/b,,"
        "desk/b,10800.0,,spam,"
    ) in csv
    table = run("closed", "2026-03", *at).stdout
    assert "Records that moved it since: 1" in table

    assert run_json("close", "2026-03", "--again", "--json", *at)["number"] == 2
    assert run_json("closed", "2026-03", "--format", "json", *at)["records"] == 0
