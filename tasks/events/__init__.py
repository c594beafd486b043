"""Events that went wrong, told again: messages out of dead-letter queues, and what the bus's archive has."""
