"""`sanjeh glossary`: a term by anybody's word, in three languages."""

from __future__ import annotations

from cli_cases import run, run_json


def test_term_is_told_with_its_formula_and_figures() -> None:
    out = run("glossary", "AHT").stdout
    assert out.startswith("Handle time (AHT)  T3, T3.1, T3.2")
    assert "= talking + after-work of a conversation; the mean over conversations" in out
    assert "Less is better. sanjeh show handle_time" in out


def test_word_of_the_sources_is_understood_and_not_shown() -> None:
    out = run("glossary", "خیش", "زدن", "--language", "fa").stdout
    assert out.startswith("ریزش مشتری  Q3")
    assert "خیش" not in out
    (churn,) = run_json("glossary", "خیش زدن", "--json")
    assert churn["title"] == "Churn"
    assert churn["metrics"] == ["lost_customers"]
    assert "aliases" not in churn


def test_what_no_term_is_called_says_so() -> None:
    done = run("glossary", "handel tiem", code=2)
    assert "No term is called" in done.stderr
