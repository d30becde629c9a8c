"""Tickets and conversations whose cards are worked by hand; two teams, one erased customer."""

from __future__ import annotations

from record_homes import Record, event, flat, record, said, status, talk, team, ticket

MARCH = "from=2026-03-01&to=2026-04-01"
HOSTILE = '<img src=x onerror="alert(1)">'

CARDS: list[Record] = flat([
    record("team", id="card-north", name="Card north"),
    record("team", id="card-south", name="Card south"),
    record("customer", id="carla", display_name="Carla Customer"),
    record("customer", id="gone", display_name="Gone Customer"),
    record("canned_response", id="hello", title="Hello"),
    # solved 09:00 to 11:00, back at 11:30, waiting for the customer 11:30 to 12:00, solved again
    ticket("card-solved", "03-02 09:00", team_id="card-north", customer_id="carla",
           subject=f"parcel {HOSTILE}"),
    status("card-solved", "03-02 11:00", "solved", actor_id="ann"),
    status("card-solved", "03-02 11:20", "open", actor_type="customer"),
    status("card-solved", "03-02 11:30", "pending_customer", actor_id="ann"),
    status("card-solved", "03-02 12:00", "solved", actor_id="ann"),
    talk("card-talk", "03-02 09:00", "email", ticket_id="card-solved", customer_id="carla",
         team_id="card-north"),
    said("card-talk", "03-02 09:00", body="where is my parcel", author_id="carla"),
    said("card-talk", "03-02 09:01", "system", body="we have your mail", is_auto=True),
    said("card-talk", "03-02 09:05", "ann", body="look this up", visibility="internal"),
    said("card-talk", "03-02 09:10", "ann", body="on its way", canned_response_id="hello"),
    said("card-talk", "03-02 10:00", body=f"and the invoice {HOSTILE}", author_id="carla"),
    said("card-talk", "03-02 10:30", "ann", body="attached"),
    said("card-talk", "03-30 10:00", body="one more question", author_id="carla"),
    # another team's
    ticket("card-south", "03-02 09:00", team_id="card-south"),
    talk("card-south-talk", "03-02 09:00", "email", ticket_id="card-south", team_id="card-south"),
    said("card-south-talk", "03-02 09:00", body="secret words of the south"),
    # a customer who was erased
    talk("card-gone", "03-03 09:00", "email", customer_id="gone", team_id="card-north"),
    said("card-gone", "03-03 09:00", body="words to forget", author_id="gone"),
    # the flow of a channel, term by term: see test_backlog_adds_up
    ticket("flow-1", "02-20 09:00", channel_first="flowmail", team_id="card-north"),
    status("flow-1", "03-05 09:00", "solved"),
    ticket("flow-2", "02-25 09:00", channel_first="flowmail", team_id="card-north"),
    team("flow-2", "03-10 09:00", "card-south", **{"from": "card-north"}),
    ticket("flow-3", "03-03 09:00", channel_first="flowmail", team_id="card-north"),
    status("flow-3", "03-04 09:00", "solved"),
    status("flow-3", "03-06 09:00", "open", actor_type="customer"),
    ticket("flow-4", "03-07 09:00", channel_first="flowmail", team_id="card-north"),
    event("flow-4", "03-08 09:00", "merged", "flow-2"),
    ticket("flow-5", "03-09 09:00", channel_first="flowmail", team_id="card-south"),
    status("flow-5", "03-11 09:00", "closed"),
    ticket("flow-6", "02-01 09:00", channel_first="flowmail", team_id="card-south"),
    status("flow-6", "02-02 09:00", "solved"),
    status("flow-6", "03-15 09:00", "open", actor_type="customer"),
    event("flow-6", "03-20 09:00", "deleted"),
    event("flow-6", "03-22 09:00", "restored", "open"),
    # who waits at noon of 30 March, when the record ends
    ticket("noon", "03-30 12:00", is_spam=True),
    record("benchmark", id="waitmail", metric_id="first_response", origin="target", value=2,
           unit="h", scope={"channel": "waitmail"}),
    talk("wait-1", "03-30 09:00", "waitmail", team_id="card-north"),
    said("wait-1", "03-30 09:00"),
    talk("wait-2", "03-30 10:30", "waitmail", team_id="card-south"),
    said("wait-2", "03-30 10:30"),
    said("wait-2", "03-30 10:31", "system", is_auto=True),
    ticket("wait-t3", "03-30 08:00", channel_first="waitmail", team_id="card-north"),
    talk("wait-3", "03-30 08:00", "waitmail", ticket_id="wait-t3", team_id="card-north"),
    said("wait-3", "03-30 08:00"), said("wait-3", "03-30 08:10", "ann"),
    said("wait-3", "03-30 09:40", body="and what now?"),
    ticket("wait-t4", "03-30 11:00", channel_first="waitmail", team_id="card-south"),
    # a channel on which everyone was answered
    ticket("quiet", "03-02 09:00", channel_first="quietmail", team_id="card-north"),
    status("quiet", "03-02 10:00", "solved"),
    # more rows than a page holds, half of them of the north
    [ticket(f"card-many-{n:03d}", f"03-{4 + n % 20:02d} 10:{n % 60:02d}", channel_first="cardmail",
            team_id=("card-north", "card-south")[n % 2]) for n in range(130)],
])  # fmt: skip
