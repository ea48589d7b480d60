"""Calendar feeds over HTTP, and the pages that lead to them."""
