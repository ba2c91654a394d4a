"""The pages of accounts: the front door, signing in, proving, one's own account, invitations, the way back."""
