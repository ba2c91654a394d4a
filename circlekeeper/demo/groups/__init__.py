"""The five groups of the invented community, one for each level."""
