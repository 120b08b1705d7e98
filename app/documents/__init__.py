"""Official papers: kinds, numbers, rendering, storing, verifying, replacing and revoking."""
