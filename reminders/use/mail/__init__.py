"""Use cases about mail: compose, send, take back, account for."""
