"""Pages of the operator: waves and numbers; nothing of anybody's health, nothing of anybody."""
