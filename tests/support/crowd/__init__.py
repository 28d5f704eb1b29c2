"""A crowd: people who walk through cases at the same time, with workers that are killed meanwhile."""
