"""S3 Select: SQL over one object (https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html)."""
