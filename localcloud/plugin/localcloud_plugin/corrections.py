"""What runs as soon as LocalStack starts: each correction of what it does other than AWS."""
