"""The PDF engine: kinds, numbers, rendering, storing, verifying, revoking."""
