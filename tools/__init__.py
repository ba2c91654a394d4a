"""What builds, checks and tests the project; never imported by it."""
