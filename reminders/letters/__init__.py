"""What a mail says and how it is built: letters filled, digests, octets, invitations, retries. Pure."""
