"""What volume is held against: articles that could have answered it (V6)."""

from __future__ import annotations

from typing import Any

import ibis

from sanjeh.facts.registry import Tables, fact


@fact(grain="one topic with an article", scope="whole", reads=("kb_article",))
def covered_topics(t: Tables) -> Any:
    """Topics on which customers find a published article, and how many (V6, O5)."""
    k = t["kb_article"]
    k = k.filter(k.topic_id.notnull())
    k = k.filter(k.audience.fill_null("public") == "public")
    k = k.filter(k.status.fill_null("published").lower() == "published")
    return k.group_by("topic_id").agg(article_count=ibis._.count().cast("int64"))
