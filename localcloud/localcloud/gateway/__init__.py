"""What the gateways of deployed APIs share."""
