"""Publishing the site: its files as a release, the bucket of releases, and what serves one of them."""
