"""What an administrator or a manager sets about the desk, by form.

Each page is a view under `@changing`; it writes through the apps' own actions and leaves a line on
the audit trail by `done`. To add one: a module here, its address in `desk/urls.py`, a tile in
`front.py`, its words under `[desk.settings]` in `locales/*/desk.toml`.
"""
