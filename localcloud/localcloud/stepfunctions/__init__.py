"""What LocalStack's Step Functions does other than AWS's, or more often than it has to."""
