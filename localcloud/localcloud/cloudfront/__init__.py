"""CloudFront: distributions, each on a port of its own, with Lambda@Edge."""
