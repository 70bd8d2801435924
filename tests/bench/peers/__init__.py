"""The same conversation, written with other frameworks as their own documentation writes one."""
