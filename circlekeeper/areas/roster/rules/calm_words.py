"""Words for names nobody chose yet: calm, of no gender, age, faith or place, easy to say and to hear apart."""

FIRST = (
    "amber", "bright", "calm", "clear", "cloudy", "coastal", "copper", "cosy", "crisp", "distant", "dusty", "early",
    "even", "fair", "floating", "fresh", "frosty", "gentle", "golden", "green", "hazel", "hidden", "high", "hollow",
    "indigo", "ivory", "kind", "late", "leafy", "level", "light", "little", "lunar", "mellow", "misty", "mossy",
    "mild", "northern", "olive", "open", "patient", "pearl", "plain", "quiet", "rainy", "round", "russet", "sandy",
    "silver", "slow", "small", "smooth", "snowy", "soft", "southern", "steady", "still", "sunny", "tall", "tidal",
    "velvet", "warm", "western", "winding",
)  # fmt: skip

SECOND = (
    "acorn", "alder", "anchor", "apple", "aspen", "badger", "barley", "basket", "beacon", "beech", "birch", "bramble",
    "breeze", "bridge", "brook", "button", "candle", "canoe", "cedar", "cherry", "clover", "cobble", "comet", "coral",
    "cotton", "crane", "cricket", "daisy", "delta", "dune", "ember", "feather", "fern", "field", "finch", "flint",
    "garden", "ginger", "harbour", "heron", "hill", "island", "kettle", "kite", "lagoon", "lantern", "larch", "lark",
    "leaf", "lemon", "linden", "lily", "maple", "marble", "marsh", "meadow", "moon", "nutmeg", "oak", "orchard",
    "otter", "owl", "paper", "pear", "pebble", "pepper", "pine", "plum", "pond", "poplar", "quill", "reed",
    "ribbon", "ridge", "river", "robin", "rowan", "sage", "sail", "shell", "sparrow", "spruce", "star", "stone",
    "stream", "swallow", "teapot", "thistle", "thrush", "tide", "valley", "walnut", "wave", "willow", "wren", "yarrow",
)  # fmt: skip

ALL = frozenset(FIRST) | frozenset(SECOND)
