"""The desk's sockets: frames in and out, and nothing decided (docs/reference/chat-protocol.md).

    a socket ──▶ line ──▶ door ──▶ the desk's actions, in a thread (`work`)
    signals, read by number (`listening`) ──▶ switchboard ──▶ the lines they name

Nothing here waits for the database on the loop. Whatever a frame may do is decided by the actions;
here it is decided who speaks (`callers`), how much, how fast, and from which origin. A message is
never held here: what a line that broke did not get, it asks for by the last number it has.

`application.beside(app)` puts the two sockets beside an ASGI application; `views` are the posts
that go with them. Imported by `web` alone.
"""
