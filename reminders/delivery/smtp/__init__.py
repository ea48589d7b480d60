"""The conversation with a mail server: session, wire, tokens and the transport over them (RFC 5321)."""
