"""Tables: links of answers that were used, asked for anew or withdrawn."""

from __future__ import annotations
