// Filled by the rooms' first commits.
