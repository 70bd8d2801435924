"""Coming in as staff, and signing out: invites, passkeys, the council's own sign-in."""
