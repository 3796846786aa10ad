"""What the API offers, a file for each resource; `v1` puts them together."""
