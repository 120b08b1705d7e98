"""The handbook of each post of a school, who holds the post, and who has received the handbook."""
