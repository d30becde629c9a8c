"""People of the site: accounts, their seats (role and scope), invitations, the audit trail."""
