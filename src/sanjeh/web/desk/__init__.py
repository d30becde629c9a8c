"""Pages of the desk for accounts: the agents' console, the supervisor's board, what is set by form.

The two live pages are a shell that hands over words and choices; the modules in `static/console`
do the rest over the socket `/desk/ws` (docs/reference/chat-protocol.md). Whatever changes the desk
goes through `apps.desk.actions`. To add something an agent does: a word in `locales/*/desk.toml`,
a method under `acts` in `console.js`, a key in `keys.js`.
"""
