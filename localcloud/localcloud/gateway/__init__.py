"""What the gateways of deployed APIs share, whatever their kind."""
