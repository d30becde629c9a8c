-- The facts of benchmarks/generate.py's records, written by hand for DuckDB.
--
-- What ledger_to_facts.py holds Sanjeh against: the same tables with the same rows, from the same
-- Parquet files, superseded rows left out. It reads the views seen_KIND and the table open_grid,
-- and leaves out what those records never hold: calls, bots' sessions, surveys, escalations,
-- tickets without a history.

CREATE MACRO word(x) AS nullif(lower(CASE
    WHEN regexp_matches(x, $variants) THEN translate(x, $letters, $target)
    WHEN regexp_matches(x, $gaps) THEN regexp_replace(x, $gaps, '', 'g') ELSE x END), '');
CREATE MACRO spoken(x) AS trim(lower(CASE
    WHEN regexp_matches(x, $variants) THEN translate(x, $spoken_letters, $spoken_target)
    ELSE regexp_replace(x, $breaks, ' ', 'g') END));
CREATE MACRO f(x, g) AS g.before + least(greatest(x, g.open_from), g.open_until) - g.open_from
    + least(greatest(x, g.open_from2), g.open_until2) - g.open_from2;
CREATE MACRO is_in(x, g) AS (x >= g.open_from AND x < g.open_until)
    OR (x >= g.open_from2 AND x < g.open_until2);
CREATE MACRO stage_of(state) AS CASE WHEN state IN ('solved', 'closed') THEN 'done'
    WHEN state IN ('merged', 'deleted') THEN 'gone' ELSE 'open' END;

CREATE TEMP TABLE default_calendar AS
SELECT coalesce((SELECT max(calendar_id) FROM seen_settings),
    (SELECT CASE WHEN count(DISTINCT id) = 1 THEN max(id) END FROM seen_business_calendar)) AS calendar;

-- Conversations: records, messages, stretches.

CREATE TEMP TABLE core AS
SELECT c.id AS conversation_id, c.ticket_id, c.source, word(c.channel) AS channel,
    ch.channel_kind, ch.idle_gap,
    coalesce(tc.team_calendar, ch.channel_calendar, (FROM default_calendar)) AS calendar,
    c.customer_id, coalesce(c.team_id, c.department_id) AS team_id, c.topic_id,
    word(c.chat_type) AS chat_type, word(c.complexity) AS complexity, word(c.priority) AS priority,
    word(c.product) AS product, word(c.language) AS language, c.initiation, c.direction,
    c.requested_at, c.human_requested_at,
    coalesce(c.started_at, c.requested_at, c.queued_at) AS opened_at, c.ended_at, c.end_reason,
    coalesce(c.offline, false) AS offline, c.needs_reply, c.noise_reason AS noise_given,
    CASE WHEN c.is_spam THEN 'spam' WHEN c.is_test THEN 'test'
        WHEN c.merged_into_id IS NOT NULL THEN 'merged into another'
        WHEN c.deleted_at IS NOT NULL THEN 'deleted' END AS excluded_reason
FROM seen_conversation c
LEFT JOIN channels ch ON word(c.channel) = ch.channel_key
LEFT JOIN (SELECT id, calendar_id AS team_calendar FROM seen_team WHERE calendar_id IS NOT NULL) tc
    ON tc.id = coalesce(c.team_id, c.department_id);

CREATE TEMP TABLE said AS
WITH m AS (
    SELECT m.conversation_id, m."at", m.id, m.author_id, coalesce(m.sequence, 0) AS seq,
        m.needs_reply, coalesce(m.author_type = 'customer', false) AS is_customer,
        coalesce(m.author_type = 'agent', false) AND NOT coalesce(m.is_auto, false) AS is_human,
        coalesce(m.author_type = 'bot', false) AS is_bot, coalesce(m.is_auto, false) AS is_auto
    FROM seen_message m WHERE coalesce(m.visibility, 'public') = 'public'
), thread AS (SELECT conversation_id, idle_gap FROM core WHERE idle_gap IS NOT NULL)
SELECT m.*, 0::BIGINT AS part FROM m ANTI JOIN thread USING (conversation_id)
UNION ALL
SELECT * EXCLUDE (cut), (sum(cut::BIGINT) OVER (PARTITION BY conversation_id ORDER BY "at", seq, id
    ROWS UNBOUNDED PRECEDING))::BIGINT AS part
FROM (SELECT m.*, coalesce(m."at" - lag(m."at") OVER o > idle_gap * 1000000, false)
        AND NOT (m.is_human AND coalesce(lag(m.is_customer) OVER o, false)) AS cut
    FROM m JOIN thread USING (conversation_id)
    WINDOW o AS (PARTITION BY conversation_id ORDER BY "at", seq, m.id));

CREATE TEMP TABLE noise AS
WITH own AS (
    SELECT id, trim(regexp_replace(regexp_replace(regexp_replace(spoken(regexp_replace(
        regexp_replace(regexp_replace(regexp_replace(text, $quoted, '', 'g'), $history, '', 'g'),
            $signed, 'thanks', 'g'), $line_ends, ' . ', 'g')),
        $marks, '', 'g'), $apostrophes, '''', 'g'), ' +', ' ', 'g')) AS x
    FROM seen_text
    WHERE kind = 'message' AND field = 'body' AND regexp_matches(spoken(text), $any_noise)
), ruled AS (
    SELECT id, CASE
        WHEN length(x) <= 160 AND NOT asks AND (regexp_matches(x, $gratitude)
            AND regexp_matches(x, $thanks) OR regexp_matches(x, $pleased)
            AND regexp_matches(x, $only_pleased)) THEN 'thanks'
        WHEN asks OR regexp_matches(x, $own_business) THEN NULL
        WHEN regexp_matches(x, $bounce) THEN 'bounce'
        WHEN regexp_matches(x, $automatic) THEN 'automatic reply'
        WHEN regexp_matches(x, $newsletter) THEN 'newsletter' END AS reason
    FROM (SELECT *, regexp_matches(x, $objection) AS asks FROM own)
)
SELECT s.conversation_id, s.id, s.part,
    CASE WHEN s.is_auto THEN 'automatic reply' ELSE coalesce(n.reason, 'needs no reply') END
        AS reason
FROM said s LEFT JOIN ruled n ON n.id = s.id
WHERE s.is_customer AND NOT coalesce(s.needs_reply, false)
    AND (s.is_auto OR n.reason IS NOT NULL OR NOT s.needs_reply);

CREATE TABLE agent_conversations AS
SELECT s.conversation_id, s.part, s.author_id AS agent_id, min(s."at") AS first_message_at,
    count(*) AS message_count, any_value(c.source) AS source, any_value(c.ticket_id) AS ticket_id,
    any_value(c.channel) AS channel, any_value(c.channel_kind) AS channel_kind,
    any_value(c.customer_id) AS customer_id, any_value(c.team_id) AS team_id,
    any_value(c.topic_id) AS topic_id, any_value(c.priority) AS priority,
    any_value(c.excluded_reason) AS excluded_reason, any_value(c.opened_at) AS opened_at
FROM said s JOIN core c USING (conversation_id)
WHERE s.is_human AND s.author_id IS NOT NULL GROUP BY 1, 2, 3;

CREATE TEMP TABLE talk AS
WITH g AS (
    SELECT conversation_id, part, min("at") AS first_at, min("at") FILTER (is_customer) AS customer_at,
        min("at") FILTER (is_human) AS human_at, count(*) FILTER (is_customer) AS customers,
        count(*) FILTER (is_human) AS humans, count(*) FILTER (is_bot) AS bots,
        count(*) FILTER (is_customer AND is_auto) AS automatic
    FROM said GROUP BY 1, 2
), late AS (
    SELECT s.conversation_id, s.part, min(s."at") AS reply_at FROM said s JOIN g
        ON g.conversation_id = s.conversation_id AND g.part = s.part
        AND g.human_at < g.customer_at AND s."at" >= g.customer_at
    WHERE s.is_human GROUP BY 1, 2
)
SELECT g.*, CASE WHEN human_at >= customer_at THEN human_at ELSE reply_at END AS replied_at
FROM g LEFT JOIN late USING (conversation_id, part);

CREATE TEMP TABLE repeated AS
WITH near AS (
    SELECT conversation_id, source, customer_id, opened_at, ended_at FROM core
    WHERE customer_id IS NOT NULL AND opened_at IS NOT NULL
    WINDOW o AS (PARTITION BY source, customer_id ORDER BY opened_at, conversation_id)
    QUALIFY coalesce(opened_at - lag(opened_at) OVER o <= 600000000, false)
        OR coalesce(lead(opened_at) OVER o - opened_at <= 600000000, false)
), first_said AS (
    SELECT conversation_id, id FROM said
    WHERE is_customer AND part = 0 AND conversation_id IN (SELECT conversation_id FROM near)
    QUALIFY row_number() OVER (PARTITION BY conversation_id ORDER BY "at", seq, id) = 1
), same AS (
    SELECT n.*, word(x.text) AS words, t.human_at FROM near n
    JOIN first_said USING (conversation_id)
    JOIN seen_text x ON x.id = first_said.id AND x.kind = 'message' AND x.field = 'body'
    LEFT JOIN talk t ON t.conversation_id = n.conversation_id AND t.part = 0
    WHERE length(word(x.text)) >= 15
)
SELECT conversation_id FROM same
WINDOW o AS (PARTITION BY source, customer_id, words ORDER BY opened_at, conversation_id)
QUALIFY opened_at - lag(opened_at) OVER o <= 600000000
    AND coalesce(lag(ended_at) OVER o > opened_at, true)
    AND NOT coalesce(lag(ended_at IS NOT NULL AND human_at IS NULL) OVER o, false);

CREATE TABLE conversations AS
WITH first_agent AS (
    SELECT conversation_id, part, agent_id FROM agent_conversations
    QUALIFY row_number() OVER (PARTITION BY conversation_id, part
        ORDER BY first_message_at, agent_id) = 1
), rules AS (
    SELECT conversation_id, part, count(*) AS noises, min(reason) AS rule FROM noise GROUP BY 1, 2
), joined AS (
    SELECT c.* EXCLUDE (ended_at, opened_at), coalesce(t.part, 0) AS part, t.first_at, c.ended_at,
        t.customer_at, t.human_at, t.replied_at, t.automatic, r.noises, r.rule, a.agent_id,
        coalesce(t.customers, 0) AS customers, coalesce(t.humans, 0) AS humans,
        coalesce(t.bots, 0) AS bots,
        coalesce(c.direction = 'outbound' OR c.initiation IN ('agent', 'trigger'), false) AS ours,
        c.source IN (SELECT source FROM coverage WHERE kind = 'message') AS talks,
        CASE WHEN coalesce(t.part, 0) > 0 THEN t.first_at ELSE coalesce(c.opened_at, t.first_at) END
            AS started_at
    FROM core c
    LEFT JOIN talk t ON t.conversation_id = c.conversation_id
    LEFT JOIN rules r ON r.conversation_id = t.conversation_id AND r.part = t.part
    LEFT JOIN first_agent a ON a.conversation_id = t.conversation_id AND a.part = t.part
), classed AS (
    SELECT *, CASE WHEN offline THEN 'offline'
        WHEN talks AND ours AND customers = 0 THEN 'invitation not taken'
        WHEN humans > 0 AND (ended_at IS NULL OR human_at IS NULL OR human_at <= ended_at)
            THEN 'served'
        WHEN talks AND customers + humans = 0 AND bots = 0 AND channel_kind = 'realtime' THEN 'empty'
        WHEN bots > 0 AND human_requested_at IS NULL THEN 'bot_only'
        WHEN ended_at IS NOT NULL AND talks THEN 'missed'
        WHEN NOT talks THEN 'unknown' ELSE 'pending' END AS outcome_class
    FROM joined
), ruled AS (
    SELECT *, CASE WHEN outcome_class = 'empty' THEN 'empty chat'
        WHEN automatic > 0 AND automatic = customers THEN 'automatic reply'
        WHEN noises > 0 AND noises = customers
            THEN CASE WHEN rule = 'thanks' THEN 'thanks only' ELSE rule END
        WHEN part = 0 AND conversation_id IN (SELECT conversation_id FROM repeated)
            THEN 'duplicate' END AS noise
    FROM classed
)
SELECT r.conversation_id, r.ticket_id, r.source, r.channel, r.channel_kind, r.calendar,
    r.customer_id, r.team_id, r.topic_id, r.chat_type, r.complexity, r.priority, r.product,
    r.language, r.initiation, r.excluded_reason, r.customer_at AS first_customer_message_at,
    r.replied_at AS first_human_reply_at, r.agent_id, r.requested_at, r.human_requested_at,
    r.end_reason, r.part, r.started_at, r.ended_at, r.outcome_class,
    coalesce(r.humans > 0 AND r.human_at > r.ended_at, false) AS answered_late,
    r.customers AS customer_message_count, r.humans AS human_message_count,
    r.ours AS started_by_agent,
    CASE WHEN r.needs_reply THEN NULL WHEN NOT r.needs_reply
        THEN coalesce(r.noise_given, 'needs no reply') ELSE r.noise END AS noise_reason,
    CASE WHEN r.needs_reply IS NOT NULL OR r.noise = 'needs no reply' THEN 'source'
        WHEN r.noise IS NOT NULL THEN 'rule' END AS noise_decided_by,
    f(r.started_at, g1) AS started_open, f(r.replied_at, g2) AS first_human_reply_open,
    is_in(r.started_at, g1) AS started_while_open
FROM ruled r
LEFT JOIN open_grid g1 ON g1.calendar = r.calendar AND g1.cell = r.started_at // 900000000
LEFT JOIN open_grid g2 ON g2.calendar = r.calendar AND g2.cell = r.replied_at // 900000000;

-- Tickets: every change in order, with what was in force after and before it.

CREATE TEMP TABLE ticket_core AS
WITH q AS (
    SELECT ticket_id, min(c.noise_reason) AS reason
    FROM conversations c LEFT JOIN talk USING (conversation_id, part)
    WHERE c.ticket_id IS NOT NULL AND c.excluded_reason IS NULL GROUP BY 1
    HAVING bool_and(c.noise_reason IS NOT NULL AND NOT c.started_by_agent
        AND NOT coalesce(talk.human_at < c.first_customer_message_at, false))
), e AS (
    SELECT ticket_id, count(*) FILTER (type IN ('created', 'status_changed', 'merged', 'unmerged',
            'deleted', 'restored')) AS states,
        count(*) FILTER (type = 'merged') AS merges, count(*) FILTER (type = 'deleted') AS deletes
    FROM seen_ticket_event GROUP BY 1
), firsts AS (
    SELECT ticket_id, count(*) FILTER (type = 'team_changed') AS teams,
        count(*) FILTER (type = 'assigned') AS agents,
        count(*) FILTER (type = 'priority_changed') AS priorities,
        count(*) FILTER (type = 'topic_changed') AS topics,
        max(value) FILTER (type = 'team_changed') AS team,
        max(value) FILTER (type = 'assigned') AS agent,
        max(word(value)) FILTER (type = 'priority_changed') AS priority,
        max(value) FILTER (type = 'topic_changed') AS topic
    FROM (SELECT e.ticket_id, e.type, coalesce(e."at" <= k.created_at, false) AS made_so,
            CASE WHEN made_so THEN e."to" ELSE e."from" END AS value
        FROM seen_ticket_event e LEFT JOIN seen_ticket k ON k.id = e.ticket_id
        WHERE type IN ('team_changed', 'assigned', 'priority_changed', 'topic_changed')
        WINDOW o AS (PARTITION BY e.ticket_id, e.type ORDER BY e."at", e.sequence, e.id)
        QUALIFY CASE WHEN made_so THEN NOT coalesce(lead(made_so) OVER o, false)
            ELSE row_number() OVER o = 1 END)
    GROUP BY 1
)
SELECT k.id AS ticket_id, k.source, k.created_at, k.customer_id, k.account_id,
    word(k.channel_first) AS channel, k.created_by_type, k.parent_id, word(k.product) AS product,
    word(k.complexity) AS complexity, lower(k.closed_reason) AS closed_reason, k.closed_at,
    CASE WHEN k.merged_into_id IS NOT NULL AND coalesce(e.merges, 0) = 0
        THEN coalesce(k.version_at, k.created_at) END AS merged_at,
    CASE WHEN coalesce(e.deletes, 0) = 0 THEN k.deleted_at END AS removed_at,
    k.merged_into_id IS NOT NULL AS is_merged, k.deleted_at IS NOT NULL AS is_deleted,
    coalesce(k.is_spam, false) AS is_spam, coalesce(k.is_test, false) AS is_test,
    CASE WHEN k.needs_reply THEN NULL WHEN NOT k.needs_reply THEN 'needs no reply'
        ELSE q.reason END AS noise_reason,
    coalesce(e.states, 0) > 0 AS has_history,
    CASE WHEN f.teams > 0 THEN f.team ELSE k.team_id END AS team,
    CASE WHEN f.agents > 0 THEN f.agent ELSE k.assignee_id END AS agent,
    CASE WHEN f.priorities > 0 THEN f.priority ELSE word(k.priority) END AS priority,
    CASE WHEN f.topics > 0 THEN f.topic ELSE k.topic_id END AS topic
FROM seen_ticket k LEFT JOIN e ON e.ticket_id = k.id LEFT JOIN firsts f ON f.ticket_id = k.id
LEFT JOIN q ON q.ticket_id = k.id;

CREATE TEMP TABLE steps AS
WITH rows AS (
    SELECT ticket_id, created_at AS "at", 0 AS rank, 0::BIGINT AS seq, '' AS id,
        NULL AS actor_type, NULL AS actor_id, true AS has_state, 'new' AS state,
        coalesce(team, '-') AS team, coalesce(agent, '-') AS agent,
        coalesce(priority, '-') AS priority, coalesce(topic, '-') AS topic
    FROM ticket_core
    UNION ALL
    SELECT e.ticket_id, greatest(e."at", c.created_at), 1, coalesce(e.sequence, 0), e.id,
        e.actor_type, e.actor_id,
        type IN ('created', 'merged', 'deleted', 'unmerged', 'restored')
            OR (type = 'status_changed' AND "to" IS NOT NULL),
        CASE type WHEN 'created' THEN coalesce(lower("to"), 'new')
            WHEN 'status_changed' THEN CASE lower("to") WHEN 'pending' THEN 'pending_customer'
                WHEN 'hold' THEN 'on_hold' WHEN 'on-hold' THEN 'on_hold'
                WHEN 'resolved' THEN 'solved' WHEN 'reopened' THEN 'open' ELSE lower("to") END
            WHEN 'merged' THEN type WHEN 'deleted' THEN type
            WHEN 'unmerged' THEN coalesce(lower("to"), 'open')
            WHEN 'restored' THEN coalesce(lower("to"), 'open') END,
        CASE WHEN type = 'team_changed' AND NOT coalesce(e."at" <= c.created_at, false)
            THEN coalesce("to", '-') END,
        CASE WHEN type = 'assigned' AND NOT coalesce(e."at" <= c.created_at, false)
            THEN coalesce("to", '-') END,
        CASE WHEN type = 'priority_changed' AND NOT coalesce(e."at" <= c.created_at, false)
            THEN coalesce(word("to"), '-') END,
        CASE WHEN type = 'topic_changed' AND NOT coalesce(e."at" <= c.created_at, false)
            THEN coalesce("to", '-') END
    FROM seen_ticket_event e JOIN ticket_core c USING (ticket_id)
    WHERE type IN ('created', 'merged', 'deleted', 'unmerged', 'restored', 'team_changed',
        'assigned', 'priority_changed', 'topic_changed')
        OR (type = 'status_changed' AND "to" IS NOT NULL)
    UNION ALL
    SELECT ticket_id, greatest(merged_at, created_at), 4, 0, 'merged', NULL, NULL, true, 'merged',
        NULL, NULL, NULL, NULL FROM ticket_core WHERE merged_at IS NOT NULL
    UNION ALL
    SELECT ticket_id, greatest(removed_at, created_at), 5, 0, 'deleted', NULL, NULL, true,
        'deleted', NULL, NULL, NULL, NULL FROM ticket_core WHERE removed_at IS NOT NULL
)
SELECT ticket_id, "at", actor_type, actor_id, has_state, row_number() OVER o - 1 AS n,
    lead("at") OVER o AS until_at,
    last_value(state IGNORE NULLS) OVER now AS state,
    last_value(state IGNORE NULLS) OVER was AS previous_state,
    nullif(last_value(team IGNORE NULLS) OVER now, '-') AS team,
    nullif(last_value(team IGNORE NULLS) OVER was, '-') AS previous_team,
    nullif(last_value(agent IGNORE NULLS) OVER now, '-') AS agent,
    nullif(last_value(agent IGNORE NULLS) OVER was, '-') AS previous_agent,
    nullif(last_value(priority IGNORE NULLS) OVER now, '-') AS priority,
    nullif(last_value(priority IGNORE NULLS) OVER was, '-') AS previous_priority,
    nullif(last_value(topic IGNORE NULLS) OVER now, '-') AS topic,
    nullif(last_value(topic IGNORE NULLS) OVER was, '-') AS previous_topic
FROM rows
WINDOW o AS (PARTITION BY ticket_id ORDER BY "at", rank, seq, id),
    now AS (PARTITION BY ticket_id ORDER BY "at", rank, seq, id ROWS UNBOUNDED PRECEDING),
    was AS (PARTITION BY ticket_id ORDER BY "at", rank, seq, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);

CREATE TEMP TABLE ticket_said AS
SELECT c.ticket_id, min(s."at") FILTER (is_human) AS first_human_reply_at,
    max(s."at") FILTER (is_customer) AS last_customer_message_at,
    max(s."at") FILTER (is_human) AS last_human_reply_at, count(*) FILTER (is_human) AS reply_count
FROM said s JOIN core c USING (conversation_id)
WHERE (is_human OR is_customer) AND c.ticket_id IS NOT NULL GROUP BY 1;

CREATE TEMP TABLE openings AS
SELECT c.ticket_id, o.team AS opening_team_id, ch.channel_kind,
    coalesce(k.calendar_id, ch.channel_calendar, (FROM default_calendar)) AS calendar
FROM ticket_core c
LEFT JOIN (SELECT ticket_id, arg_min(team, n) AS team FROM steps
    WHERE team IS NOT NULL AND previous_team IS NULL GROUP BY 1) o ON o.ticket_id = c.ticket_id
LEFT JOIN seen_team k ON k.id = o.team
LEFT JOIN channels ch ON ch.channel_key = c.channel;

CREATE TEMP TABLE thanked AS
WITH turns AS (
    SELECT ticket_id, n, "at", stage_of(state) AS stage, stage_of(previous_state) AS previous_stage,
        previous_state FROM steps
    WHERE previous_state IS NULL OR stage_of(state) <> stage_of(previous_state)
), back AS (
    SELECT * FROM (
        SELECT t.*, coalesce(lead(n) OVER o, 4611686018427387904) AS end_n, lead("at") OVER o AS end_at
        FROM turns t
        WHERE ticket_id IN (SELECT ticket_id FROM turns
            WHERE stage = 'open' AND previous_stage = 'done' AND previous_state IS NOT NULL)
        WINDOW o AS (PARTITION BY ticket_id ORDER BY n))
    WHERE stage = 'open' AND previous_stage = 'done' AND previous_state IS NOT NULL
)
SELECT b.ticket_id, b.n, b.end_n, b.previous_state
FROM back b JOIN core c ON c.ticket_id = b.ticket_id
JOIN said s ON s.conversation_id = c.conversation_id AND s.is_customer
    AND s."at" >= b."at" - 120000000 AND (b.end_at IS NULL OR s."at" < b.end_at)
LEFT JOIN noise x ON x.id = s.id
GROUP BY ALL HAVING bool_and(coalesce(NOT s.needs_reply, x.id IS NOT NULL));

CREATE TABLE ticket_states AS
WITH quiet AS (
    SELECT v.* EXCLUDE (state), i.ticket_id IS NOT NULL AS quiet, a.ticket_id IS NOT NULL AS after,
        stage_of(v.state) AS raw_stage,
        CASE WHEN v.previous_state IS NOT NULL THEN stage_of(v.previous_state) END AS raw_previous,
        CASE WHEN i.ticket_id IS NOT NULL THEN i.previous_state ELSE v.state END AS state
    FROM steps v
    LEFT JOIN thanked i ON i.ticket_id = v.ticket_id AND v.n >= i.n AND v.n < i.end_n
    LEFT JOIN thanked a ON a.ticket_id = v.ticket_id AND v.n = a.end_n
), staged AS (
    SELECT *, raw_previous IS NULL OR raw_stage <> raw_previous AS turned,
        CASE WHEN quiet THEN 'done' ELSE raw_stage END AS stage FROM quiet
)
SELECT v.ticket_id, v.n, c.source, c.channel, o.channel_kind, c.customer_id, o.calendar, v.state,
    v.stage, v.has_state AND NOT quiet AND NOT (after AND turned AND raw_stage = 'done')
        AS has_state,
    v.previous_state, CASE WHEN raw_previous IS NOT NULL AND (quiet OR (after AND turned))
        THEN 'done' ELSE raw_previous END AS previous_stage,
    v.actor_type, v.actor_id, c.account_id, c.product, c.complexity, c.created_at,
    s.first_human_reply_at, c.noise_reason,
    v."at" AS from_at, v.until_at,
    coalesce(v.until_at, 4611686018427387904) AS lasts_until_at, v.team AS team_id, v.agent AS agent_id, v.priority,
    v.topic AS topic_id, v.previous_team AS previous_team_id, v.previous_agent AS previous_agent_id,
    v.previous_priority, v.previous_topic AS previous_topic_id,
    CASE WHEN c.is_spam THEN 'spam' WHEN c.is_test THEN 'test' END AS excluded_reason,
    f(v."at", g1) AS from_open, f(v.until_at, g2) AS until_open
FROM staged v JOIN ticket_core c USING (ticket_id) JOIN openings o USING (ticket_id)
LEFT JOIN ticket_said s USING (ticket_id)
LEFT JOIN open_grid g1 ON g1.calendar = o.calendar AND g1.cell = v."at" // 900000000
LEFT JOIN open_grid g2 ON g2.calendar = o.calendar AND g2.cell = v.until_at // 900000000;

CREATE TEMP TABLE turns AS
SELECT ticket_id, n, source, channel, channel_kind, customer_id, calendar, state, stage, has_state,
    previous_stage, actor_type, actor_id, team_id, agent_id, priority, topic_id, excluded_reason,
    from_at, from_open, lead(stage) OVER o AS next_stage, lead(from_at) OVER o AS next_at,
    lag(from_at) OVER o AS last_at
FROM ticket_states WHERE previous_stage IS NULL OR stage <> previous_stage
WINDOW o AS (PARTITION BY ticket_id ORDER BY n);

CREATE TABLE reopenings AS
SELECT ticket_id, n, source, channel, channel_kind, customer_id, calendar, team_id, agent_id,
    priority, topic_id, actor_type, from_at AS reopened_at, last_at AS solved_at,
    CASE WHEN actor_type = 'agent' AND next_stage = 'done' THEN next_at - from_at END
        AS undone_microseconds, excluded_reason
FROM turns WHERE stage = 'open' AND previous_stage = 'done'
UNION ALL
SELECT s.ticket_id, s.n, s.source, s.channel, s.channel_kind, s.customer_id, s.calendar, s.team_id,
    s.agent_id, s.priority, s.topic_id, s.actor_type, s.from_at, NULL, NULL,
    'a thanks, needing no reply'
FROM ticket_states s JOIN thanked t ON t.ticket_id = s.ticket_id AND t.n = s.n;

CREATE TABLE resolutions AS
SELECT s.ticket_id, s.n, s.source, s.channel, s.channel_kind, s.customer_id, s.calendar, s.team_id,
    s.priority, s.topic_id, c.complexity, c.product, s.actor_type, c.created_at,
    r.reopened_at, CASE WHEN s.actor_type = 'agent' THEN s.actor_id ELSE s.agent_id END AS agent_id,
    s.from_at AS solved_at, s.from_open AS solved_open,
    row_number() OVER (PARTITION BY s.ticket_id ORDER BY s.n) AS nth,
    coalesce(s.excluded_reason, CASE WHEN c.closed_reason IN ('spam', 'duplicate', 'no_response')
        THEN 'closed without a solution' END) AS excluded_reason
FROM turns s JOIN ticket_core c USING (ticket_id)
LEFT JOIN (SELECT ticket_id, reopened_at FROM reopenings WHERE excluded_reason IS NULL
        AND NOT coalesce(undone_microseconds < 300000000, false)) r
    ON r.ticket_id = s.ticket_id AND r.reopened_at = s.next_at
WHERE s.state = 'solved' AND s.stage = 'done' AND s.has_state;

CREATE TABLE backlog_flow AS
WITH s AS (
    SELECT *, team_id IS DISTINCT FROM previous_team_id AS t, priority IS DISTINCT FROM
        previous_priority AS p, agent_id IS DISTINCT FROM previous_agent_id AS a,
        topic_id IS DISTINCT FROM previous_topic_id AS k
    FROM ticket_states WHERE excluded_reason IS NULL
)
SELECT ticket_id, source, channel, channel_kind, customer_id, from_at AS "at", 1::BIGINT AS delta,
    CASE WHEN previous_stage IS NULL THEN 'new' WHEN previous_stage = 'done' THEN 'reopened'
        WHEN previous_state = 'merged' THEN 'unmerged' ELSE 'restored' END AS change,
    team_id, agent_id, priority, topic_id, false AS moved_team, false AS moved_agent,
    false AS moved_priority, false AS moved_topic
FROM s WHERE stage = 'open' AND (previous_stage IS NULL OR previous_stage <> 'open')
UNION ALL
SELECT ticket_id, source, channel, channel_kind, customer_id, from_at, -1,
    CASE WHEN state = 'closed' THEN 'closed otherwise' ELSE state END,
    previous_team_id, previous_agent_id, previous_priority, previous_topic_id,
    false, false, false, false
FROM s WHERE stage <> 'open' AND previous_stage = 'open'
UNION ALL
SELECT ticket_id, source, channel, channel_kind, customer_id, from_at, 1, 'moved in', team_id,
    agent_id, priority, topic_id, t, a, p, k
FROM s WHERE stage = 'open' AND previous_stage = 'open' AND (t OR a OR p OR k)
UNION ALL
SELECT ticket_id, source, channel, channel_kind, customer_id, from_at, -1, 'moved out',
    previous_team_id, previous_agent_id, previous_priority, previous_topic_id, t, a, p, k
FROM s WHERE stage = 'open' AND previous_stage = 'open' AND (t OR a OR p OR k);

CREATE TABLE awaiting_us AS
WITH m AS (
    SELECT c.ticket_id, s."at", s.is_human, lag(s.is_human) OVER o AS before,
        first_value(CASE WHEN s.is_human THEN s."at" END IGNORE NULLS) OVER (
            PARTITION BY c.ticket_id ORDER BY s."at", s.seq, s.id
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS answered_at
    FROM said s JOIN core c USING (conversation_id)
    WHERE (s.is_human OR s.is_customer) AND c.ticket_id IS NOT NULL
    WINDOW o AS (PARTITION BY c.ticket_id ORDER BY s."at", s.seq, s.id)
)
SELECT s.ticket_id, s.source, s.channel, s.channel_kind, s.customer_id, s.account_id, s.team_id,
    s.agent_id, s.priority, s.topic_id, s.product, s.complexity, s.state, s.created_at,
    s.excluded_reason, s.noise_reason, greatest(s.from_at, m."at") AS from_at,
    least(s.until_at, m.answered_at) AS until_at,
    least(s.until_at, m.answered_at, 4611686018427387904) AS lasts_until_at
FROM ticket_states s JOIN m ON m.ticket_id = s.ticket_id
    AND (s.until_at IS NULL OR m."at" < s.until_at)
    AND (m.answered_at IS NULL OR m.answered_at > s.from_at)
WHERE s.stage = 'open' AND NOT m.is_human AND coalesce(m.before, true);

CREATE TABLE tickets AS
WITH life AS (
    SELECT ticket_id, max(state) FILTER (until_at IS NULL) AS state,
        max(stage) FILTER (until_at IS NULL) AS stage,
        max(team_id) FILTER (until_at IS NULL) AS team_id,
        max(agent_id) FILTER (until_at IS NULL) AS assignee_id,
        max(priority) FILTER (until_at IS NULL) AS priority,
        max(topic_id) FILTER (until_at IS NULL) AS topic_id,
        min(from_at) FILTER (has_state AND state = 'solved') AS first_solved_at,
        max(from_at) FILTER (has_state AND state = 'solved') AS last_solved_at,
        max(from_at) FILTER (stage = 'done' AND (previous_stage IS NULL OR previous_stage <> 'done'))
            AS done_at,
        max(from_at) FILTER (stage = 'gone' AND previous_stage <> 'gone') AS gone_at,
        count(*) FILTER (team_id <> previous_team_id) AS team_change_count,
        count(*) FILTER (agent_id <> previous_agent_id) AS agent_change_count,
        count(DISTINCT agent_id) AS agent_count,
        sum(until_at - from_at) FILTER (state = 'pending_customer')::BIGINT AS pending_microseconds,
        sum(until_open - from_open) FILTER (state = 'pending_customer')::BIGINT
            AS pending_microseconds_open,
        sum(until_at - from_at) FILTER (state = 'on_hold')::BIGINT AS hold_microseconds,
        sum(until_open - from_open) FILTER (state = 'on_hold')::BIGINT AS hold_microseconds_open
    FROM ticket_states GROUP BY 1
), solves AS (
    SELECT ticket_id, count(*) AS solve_count, arg_max(agent_id, nth) AS resolver_id,
        arg_max(actor_type, nth) AS resolver_type FROM resolutions GROUP BY 1
), back AS (
    SELECT ticket_id, count(*) AS reopened_count, min(reopened_at) AS first_reopened_at
    FROM reopenings WHERE excluded_reason IS NULL GROUP BY 1
), joined AS (
    SELECT c.* EXCLUDE (team, agent, priority, topic), l.* EXCLUDE (ticket_id),
        o.opening_team_id, o.channel_kind, o.calendar, v.* EXCLUDE (ticket_id),
        b.* EXCLUDE (ticket_id), s.* EXCLUDE (ticket_id), l.stage = 'done' AS is_done,
        CASE WHEN l.stage = 'done' THEN l.last_solved_at END AS final_solved_at
    FROM ticket_core c JOIN life l USING (ticket_id) LEFT JOIN openings o USING (ticket_id)
    LEFT JOIN solves v USING (ticket_id) LEFT JOIN back b USING (ticket_id)
    LEFT JOIN ticket_said s USING (ticket_id)
)
SELECT j.ticket_id, source, created_at, customer_id, account_id, channel, channel_kind, product,
    complexity, priority, team_id, opening_team_id, topic_id, parent_id, created_by_type, state,
    stage, j.calendar, has_history, first_solved_at, done_at, gone_at, first_reopened_at,
    first_human_reply_at, last_customer_message_at, last_human_reply_at, team_change_count,
    agent_change_count, coalesce(resolver_id, assignee_id) AS agent_id, assignee_id, resolver_type,
    final_solved_at, CASE WHEN is_done THEN coalesce(final_solved_at, done_at) END AS ended_at,
    coalesce(solve_count, 0) AS solve_count, coalesce(reopened_count, 0) AS reopened_count,
    0::BIGINT AS escalation_count, coalesce(reply_count, 0) AS reply_count, agent_count,
    agent_count + coalesce(reply_count, 0) AS touch_count,
    coalesce(pending_microseconds, 0) AS pending_microseconds,
    coalesce(hold_microseconds, 0) AS hold_microseconds, pending_microseconds_open,
    hold_microseconds_open,
    CASE WHEN closed_reason IN ('spam', 'duplicate', 'no_response')
        THEN 'closed without a solution'
        WHEN is_done AND final_solved_at IS NULL AND (has_history OR closed_at IS NOT NULL)
        THEN 'closed without a solution recorded' END AS unsolved_reason,
    CASE WHEN is_spam THEN 'spam' WHEN is_test THEN 'test'
        WHEN is_merged OR state = 'merged' THEN 'merged into another'
        WHEN is_deleted OR state = 'deleted' THEN 'deleted' END AS excluded_reason,
    coalesce(created_by_type = 'agent', false) AS started_by_agent,
    noise_reason,
    f(created_at, g1) AS created_open, f(first_solved_at, g2) AS first_solved_open,
    f(final_solved_at, g3) AS final_solved_open
FROM joined j
LEFT JOIN open_grid g1 ON g1.calendar = j.calendar AND g1.cell = created_at // 900000000
LEFT JOIN open_grid g2 ON g2.calendar = j.calendar AND g2.cell = first_solved_at // 900000000
LEFT JOIN open_grid g3 ON g3.calendar = j.calendar AND g3.cell = final_solved_at // 900000000;

CREATE TABLE requests AS
SELECT t.source, channel, channel_kind, t.calendar, customer_id, team_id, agent_id, topic_id,
    complexity, priority, product, excluded_reason, noise_reason, started_by_agent, ticket_id,
    NULL::VARCHAR AS conversation_id, created_at, created_open, is_in(created_at, g) AS created_while_open
FROM tickets t LEFT JOIN open_grid g
    ON g.calendar = t.calendar AND g.cell = created_at // 900000000
UNION ALL
SELECT source, channel, channel_kind, calendar, customer_id, team_id, agent_id, topic_id,
    complexity, priority, product, excluded_reason, noise_reason, started_by_agent, ticket_id,
    conversation_id, started_at, started_open, started_while_open
FROM (SELECT * FROM conversations c ANTI JOIN seen_ticket k ON c.ticket_id = k.id)
QUALIFY row_number() OVER (PARTITION BY coalesce(ticket_id, conversation_id)
        ORDER BY started_at, conversation_id, part) = 1
    OR (ticket_id IS NULL AND part > 0);

CREATE TABLE served_by AS
SELECT 'ticket' AS kind, ticket_id AS id, team_id, ticket_id, NULL::VARCHAR AS conversation_id
FROM ticket_states WHERE team_id IS NOT NULL
UNION
SELECT 'conversation', conversation_id, team_id, NULL, conversation_id
FROM core WHERE team_id IS NOT NULL;

CREATE TABLE topics AS
WITH seen AS (
    SELECT topic_id FROM seen_ticket UNION SELECT topic_id FROM seen_conversation
    UNION SELECT "to" FROM seen_ticket_event WHERE type = 'topic_changed'
    UNION SELECT id FROM seen_topic
)
SELECT s.topic_id, word(coalesce(k.name, split_part(s.topic_id, '/', 2))) AS topic,
    coalesce(k.name, split_part(s.topic_id, '/', 2)) AS topic_label,
    word(coalesce(p.name, split_part(k.parent_id, '/', 2))) AS category,
    coalesce(p.name, split_part(k.parent_id, '/', 2)) AS category_label, k.class AS topic_class
FROM seen s LEFT JOIN seen_topic k ON k.id = s.topic_id LEFT JOIN seen_topic p ON p.id = k.parent_id
WHERE s.topic_id IS NOT NULL;
