"""What Lambda costs, in USD: US East (N. Virginia), the first tier, without the free one, as of May 2026.

Source: https://aws.amazon.com/lambda/pricing/
"""

SAID = "Lambda's prices in us-east-1, May 2026"
REQUESTS = 0.20
"""For a million requests."""
GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""For a second of a GB, by architecture."""
