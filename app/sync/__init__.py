"""What a tablet takes along and what it brings back. The wire is described in PROTOCOL.md."""
